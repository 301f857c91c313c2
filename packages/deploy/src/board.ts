import { edgesFrom, edgesTo, type Graph, type GraphEdge, type GraphNode } from "@slipway/graph";
import type { ObjectState } from "./events.ts";

/** Where one node of the graph stands. */
export interface Card {
  readonly node: GraphNode;
  readonly needs: readonly GraphEdge[];
  readonly neededBy: readonly GraphEdge[];
  state: ObjectState;
  /** What it says about itself. */
  message: string;
  startedAt: number | undefined;
  readyAt: number | undefined;
  /** The predecessor that was the last to let it go. */
  releasedBy: string | undefined;
}

/**
 * Who waits for whom, as counters: every change costs as much as the node has edges. It does nothing by
 * itself; what became possible is taken from it.
 */
export interface Board {
  readonly cards: ReadonlyMap<string, Card>;
  card(key: string): Card;
  /** Nodes that nothing holds back any more, each given once. */
  takeUnblocked(): Card[];
  /** Nodes that only armed webhooks hold back, each given once. */
  takeProbeable(): Card[];
  /** Nodes given up because of another, each given once. */
  takeSkipped(): Card[];
  /** The object is on the server. */
  markApplied(key: string): void;
  markReady(key: string): void;
  /** Everything that a probe needs is in place. */
  markArmed(key: string): void;
  /** Those that need it are skipped; those that would only rather have it go on. */
  markFailed(key: string): void;
  /** Skips all that are not on the server. To be called when nothing is under way any more. */
  stop(reason: string): void;
  isArmed(key: string): boolean;
  /** The predecessors that still hold it back. */
  waitsFor(key: string): string[];
  /** True when no node waits or is under way. */
  isSettled(): boolean;
}

interface Slot extends Card {
  blockers: number;
  /** Blockers that are not armed webhooks. */
  unarmed: number;
  taken: boolean;
}

/** A board with every node waiting. */
export function createBoard(graph: Graph): Board {
  const needs = edgesFrom(graph);
  const neededBy = edgesTo(graph);
  const slots = new Map<string, Slot>();
  const met = new Set<GraphEdge>();
  const armed = new Set<string>();
  let unblocked: Slot[] = [];
  let probeable: Slot[] = [];
  let skipped: Slot[] = [];
  let open = 0;

  for (const node of graph.nodes.values()) {
    const own = (needs.get(node.key) ?? []).filter((edge) => graph.nodes.has(edge.to));
    const slot: Slot = {
      node,
      needs: own,
      neededBy: neededBy.get(node.key) ?? [],
      state: "waiting",
      message: "",
      startedAt: undefined,
      readyAt: undefined,
      releasedBy: undefined,
      blockers: own.length,
      unarmed: own.length,
      taken: false,
    };
    slots.set(node.key, slot);
    open += 1;
    if (own.length === 0) unblocked.push(slot);
  }

  const card = (key: string): Slot => {
    const slot = slots.get(key);
    if (!slot) throw new Error(`no node ${key} in the graph`);
    return slot;
  };

  /** The webhooks answer as soon as they are asked, so whoever made asking possible let the node go. */
  const beProbeable = (slot: Slot, releasedBy: string) => {
    slot.releasedBy = releasedBy;
    probeable.push(slot);
  };

  const meet = (edge: GraphEdge) => {
    if (met.has(edge)) return;
    met.add(edge);
    const waiter = card(edge.from);
    waiter.blockers -= 1;
    if (!armed.has(edge.to)) waiter.unarmed -= 1;
    if (waiter.state !== "waiting") return;
    if (waiter.blockers === 0) {
      waiter.releasedBy ??= edge.to;
      unblocked.push(waiter);
    } else if (waiter.unarmed === 0 && !armed.has(edge.to)) beProbeable(waiter, edge.to);
  };

  const settle = (slot: Slot, state: ObjectState) => {
    if (isFinal(slot.state)) return;
    slot.state = state;
    open -= 1;
  };

  const giveUp = (slot: Slot, state: "failed" | "skipped") => {
    // A list, not a recursion: chains are long.
    const lost: Slot[] = [slot];
    settle(slot, state);
    for (const gone of lost) {
      for (const edge of gone.neededBy) {
        if (met.has(edge)) continue;
        const waiter = card(edge.from);
        if (edge.kind === "soft") meet(edge);
        else if (waiter.state === "waiting") {
          settle(waiter, "skipped");
          waiter.message = `${gone.state === "failed" ? "failed" : "skipped"}:${gone.node.key}`;
          skipped.push(waiter);
          lost.push(waiter);
        }
      }
    }
  };

  return {
    cards: slots,
    card,
    takeUnblocked() {
      const taken = unblocked.filter((slot) => slot.state === "waiting" && !slot.taken);
      for (const slot of taken) slot.taken = true;
      unblocked = [];
      return taken;
    },
    takeProbeable() {
      const taken = probeable.filter((slot) => slot.state === "waiting" && slot.blockers > 0);
      probeable = [];
      return taken;
    },
    takeSkipped() {
      const taken = skipped;
      skipped = [];
      return taken;
    },
    markApplied(key) {
      const slot = card(key);
      if (!isFinal(slot.state)) slot.state = "applied";
      for (const edge of slot.neededBy) if (edge.until === "exists") meet(edge);
    },
    markReady(key) {
      const slot = card(key);
      settle(slot, "ready");
      for (const edge of slot.neededBy) meet(edge);
    },
    markArmed(key) {
      armed.add(key);
      for (const edge of card(key).neededBy) {
        if (met.has(edge)) continue;
        const waiter = card(edge.from);
        waiter.unarmed -= 1;
        if (waiter.unarmed === 0 && waiter.state === "waiting") beProbeable(waiter, key);
      }
    },
    markFailed(key) {
      giveUp(card(key), "failed");
    },
    stop(reason) {
      for (const slot of slots.values()) {
        if (slot.state !== "waiting" && slot.state !== "applying") continue;
        slot.message = reason;
        settle(slot, "skipped");
        skipped.push(slot);
      }
      unblocked = [];
      probeable = [];
    },
    isArmed: (key) => armed.has(key) && !isFinal(card(key).state),
    waitsFor(key) {
      const keys = new Set<string>();
      for (const edge of card(key).needs) if (!met.has(edge)) keys.add(edge.to);
      return [...keys];
    },
    isSettled: () => open === 0,
  };
}

function isFinal(state: ObjectState): boolean {
  return state === "ready" || state === "failed" || state === "skipped";
}
