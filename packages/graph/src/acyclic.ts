/**
 * A directed graph over the numbers 0…size-1 that stays acyclic and keeps a topological order while edges
 * are added (Pearce and Kelly, "A dynamic topological sort algorithm for directed acyclic graphs", 2006).
 * An edge points from a node to one that must come before it.
 */
export interface AcyclicGraph {
  /** Adds the edge; when it would close a cycle it does not, and returns the path from `to` back to `from`. */
  add(from: number, to: number): readonly number[] | undefined;
  /** All nodes, those that others wait for first. */
  order(): readonly number[];
}

/** Starts from edges without a cycle; `order` is a topological order of them (see {@link sortNodes}). */
export function createAcyclicGraph(order: readonly number[], edges: Iterable<Pair>): AcyclicGraph {
  const needs: number[][] = order.map(() => []);
  const neededBy: number[][] = order.map(() => []);
  const position: number[] = [];
  for (const [index, node] of order.entries()) position[node] = index;
  const link = (from: number, to: number) => {
    needs[from]?.push(to);
    neededBy[to]?.push(from);
  };
  for (const [from, to] of edges) link(from, to);
  const at = (node: number) => position[node] ?? 0;

  /** Nodes reachable from `start` by `next` whose position lies within the bound, with how each was reached. */
  const reach = (start: number, next: number[][], inBound: (node: number) => boolean) => {
    const cameFrom = new Map<number, number>([[start, start]]);
    const queue = [start];
    for (const node of queue) {
      for (const other of next[node] ?? []) {
        if (cameFrom.has(other) || !inBound(other)) continue;
        cameFrom.set(other, node);
        queue.push(other);
      }
    }
    return cameFrom;
  };

  return {
    order: () => position.map((_, node) => node).sort((a, b) => at(a) - at(b)),
    add(from, to) {
      if (from === to) return [to];
      if (at(to) < at(from)) {
        link(from, to);
        return undefined;
      }
      const low = at(from);
      const high = at(to);
      const below = reach(to, needs, (node) => at(node) >= low);
      if (below.has(from)) return pathTo(below, to, from);
      const above = reach(from, neededBy, (node) => at(node) <= high);
      const moved = [
        ...[...below.keys()].sort((a, b) => at(a) - at(b)),
        ...[...above.keys()].sort((a, b) => at(a) - at(b)),
      ];
      const places = moved.map(at).sort((a, b) => a - b);
      for (const [index, node] of moved.entries()) position[node] = places[index] ?? 0;
      link(from, to);
      return undefined;
    },
  };
}

/** `[from, to]`: from waits for to. */
export type Pair = readonly [number, number];

/**
 * A topological order (Kahn), the smaller rank first among those that could come next. Nodes on a cycle, and
 * those behind one, are left out.
 */
export function sortNodes(size: number, edges: Iterable<Pair>, rank: (node: number) => number): number[] {
  const waiting = new Array<number>(size).fill(0);
  const neededBy: number[][] = Array.from({ length: size }, () => []);
  for (const [from, to] of edges) {
    waiting[from] = (waiting[from] ?? 0) + 1;
    neededBy[to]?.push(from);
  }
  const free: number[] = [];
  for (let node = 0; node < size; node++) if (waiting[node] === 0) free.push(node);
  free.sort((a, b) => rank(b) - rank(a));
  const order: number[] = [];
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    order.push(node);
    for (const other of neededBy[node] ?? []) {
      const left = (waiting[other] ?? 0) - 1;
      waiting[other] = left;
      if (left === 0) insertByRank(free, other, rank);
    }
  }
  return order;
}

/** `list` is sorted by falling rank; binary search keeps it so. */
function insertByRank(list: number[], node: number, rank: (node: number) => number): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rank(list[middle] ?? 0) > rank(node)) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, node);
}

/** The shortest cycle, as the nodes along it (each waits for the next, the last for the first). */
export function shortestCycle(size: number, edges: Iterable<Pair>): readonly number[] | undefined {
  const list = [...edges];
  const sorted = new Set(sortNodes(size, list, (node) => node));
  const needs = new Map<number, number[]>();
  for (const [from, to] of list) {
    if (sorted.has(from) || sorted.has(to)) continue;
    const next = needs.get(from);
    if (next) next.push(to);
    else needs.set(from, [to]);
  }
  let best: readonly number[] | undefined;
  for (const start of needs.keys()) {
    const cameFrom = new Map<number, number>([[start, start]]);
    const queue = [start];
    search: for (const node of queue) {
      for (const other of needs.get(node) ?? []) {
        if (other === start) {
          const cycle = pathTo(cameFrom, start, node);
          if (!best || cycle.length < best.length) best = cycle;
          break search;
        }
        if (cameFrom.has(other)) continue;
        cameFrom.set(other, node);
        queue.push(other);
      }
    }
    if (best && best.length <= 2) break;
  }
  return best;
}

function pathTo(cameFrom: ReadonlyMap<number, number>, start: number, end: number): number[] {
  const path = [end];
  for (let node = end; node !== start; ) {
    node = cameFrom.get(node) ?? start;
    path.push(node);
  }
  return path.reverse();
}
