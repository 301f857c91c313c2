import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, GraphEdge, GraphNode } from "@slipway/graph";
import { createBoard } from "./board.ts";

/** A graph of ConfigMaps from lines such as `b needs a`, `b needs a written`, `b would like a`. */
function graphOf(...lines: string[]): Graph {
  const nodes = new Map<string, GraphNode>();
  const node = (name: string) => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name } };
    nodes.set(name, { type: "object", key: name, id: { group: "", kind: "ConfigMap", name }, object });
  };
  const edges = lines.map((line): GraphEdge => {
    const [from = "", verb, ...rest] = line.split(" ");
    const soft = verb === "would";
    const [to = "", until] = soft ? rest.slice(1) : rest;
    node(from);
    node(to);
    return {
      from,
      to,
      kind: soft ? "soft" : "hard",
      until: until ? "exists" : "ready",
      rule: "t",
      reason: "",
    };
  });
  return { nodes, edges, dropped: [], exempted: [], missing: [] };
}

const names = (cards: readonly { node: GraphNode }[]) => cards.map((card) => card.node.key).sort();

test("a node is let go when all that it needs is there, each as it needs it", () => {
  const board = createBoard(graphOf("c needs a", "c needs b written", "b needs a written"));
  assert.deepEqual(names(board.takeUnblocked()), ["a"]);
  assert.deepEqual(names(board.takeUnblocked()), [], "given once");
  board.markApplied("a");
  assert.deepEqual(names(board.takeUnblocked()), ["b"]);
  board.markApplied("b");
  assert.deepEqual(names(board.takeUnblocked()), []);
  assert.deepEqual(board.waitsFor("c"), ["a"]);
  board.markReady("a");
  assert.deepEqual(names(board.takeUnblocked()), ["c"]);
  assert.equal(board.card("c").releasedBy, "a");
});

test("a failure skips all that need it, however far, and only those; wishes are dropped", () => {
  const board = createBoard(graphOf("b needs a", "c needs b", "d would like b", "e needs a written"));
  board.takeUnblocked();
  board.markApplied("a");
  assert.deepEqual(names(board.takeUnblocked()), ["e"]);
  board.markFailed("a");
  assert.deepEqual(names(board.takeSkipped()), ["b", "c"]);
  assert.deepEqual(names(board.takeUnblocked()), ["d"]);
  assert.equal(board.isSettled(), false);
  board.markReady("d");
  board.markReady("e");
  assert.equal(board.isSettled(), true);
});

test("a node that only armed webhooks hold back can ask them", () => {
  const board = createBoard(graphOf("x needs hook", "x needs other", "x needs a"));
  board.takeUnblocked();
  board.markArmed("hook");
  board.markReady("a");
  assert.deepEqual(names(board.takeProbeable()), []);
  board.markArmed("other");
  assert.deepEqual(names(board.takeProbeable()), ["x"]);
  assert.deepEqual(board.waitsFor("x"), ["hook", "other"]);
  board.markReady("hook");
  board.markReady("other");
  assert.deepEqual(names(board.takeUnblocked()), ["x"]);
  assert.equal(board.card("x").releasedBy, "other");
});

test("stopping skips what is not on the server", () => {
  const board = createBoard(graphOf("b needs a", "d needs c", "f needs e"));
  board.takeUnblocked();
  board.card("a").state = "applying";
  board.markApplied("c");
  board.markReady("e");
  board.stop("stopped");
  assert.deepEqual(names(board.takeSkipped()), ["a", "b", "d", "f"]);
  assert.deepEqual([board.card("c").state, board.card("e").state], ["applied", "ready"]);
  assert.deepEqual(names(board.takeUnblocked()), []);
});

test("the cost of a change does not grow with the graph", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `n${index + 1} needs n${index}`);
  const board = createBoard(graphOf(...lines));
  for (let index = 0; index <= 20_000; index++) {
    assert.equal(board.takeUnblocked().length, 1);
    board.markReady(`n${index}`);
  }
  assert.equal(board.isSettled(), true);
});
