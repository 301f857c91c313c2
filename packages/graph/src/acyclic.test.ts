import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createAcyclicGraph, type Pair, shortestCycle, sortNodes } from "./acyclic.ts";

const edges = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 60 });

/** Whether `to` is reachable, by plain search. */
function reaches(pairs: readonly Pair[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const node of seen) for (const [a, b] of pairs) if (a === node) seen.add(b);
  return seen.has(to);
}

test("edges are taken exactly when a plain search finds no way back, and the order respects all of them", () => {
  fc.assert(
    fc.property(edges, (candidates) => {
      const graph = createAcyclicGraph(
        Array.from({ length: 12 }, (_, node) => node),
        [],
      );
      const taken: Pair[] = [];
      for (const [from, to] of candidates) {
        const loop = graph.add(from, to);
        assert.equal(loop !== undefined, reaches(taken, to, from), `${from} -> ${to}`);
        if (!loop) {
          taken.push([from, to]);
          continue;
        }
        assert.equal(loop[0], to);
        assert.equal(loop.at(-1), from);
        for (let at = 1; at < loop.length; at++) {
          assert.ok(taken.some(([a, b]) => a === loop[at - 1] && b === loop[at]));
        }
      }
      const order = graph.order();
      assert.equal(new Set(order).size, 12);
      for (const [from, to] of taken) assert.ok(order.indexOf(to) < order.indexOf(from));
    }),
  );
});

test("sorting leaves out exactly what a cycle holds up, and the shortest cycle is one", () => {
  fc.assert(
    fc.property(edges, (pairs) => {
      const order = sortNodes(12, pairs, (node) => node);
      const cycle = shortestCycle(12, pairs);
      assert.equal(order.length === 12, cycle === undefined);
      if (!cycle) return;
      for (const [at, node] of cycle.entries()) {
        const next = cycle[(at + 1) % cycle.length];
        assert.ok(pairs.some(([a, b]) => a === node && b === next));
      }
      const back = pairs.filter(([a, b]) => a !== b && reaches(pairs, b, a));
      if (cycle.length > 2) assert.ok(!back.some(([a, b]) => pairs.some(([c, d]) => c === b && d === a)));
    }),
  );
});

test("among nodes that could come next the smaller rank comes first", () => {
  const order = sortNodes(4, [[0, 3]], (node) => [0, 2, 1, 3][node] ?? 0);
  assert.deepEqual(order, [2, 1, 3, 0]);
});
