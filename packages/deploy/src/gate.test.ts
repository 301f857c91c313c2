import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestClock } from "../test/test-clock.ts";
import { createGate, type Gate, narrowGate } from "./gate.ts";

/** Works that end when told, and what has been let in. */
function works(gate: Gate) {
  const inside: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, urgency: number) =>
    gate.pass(urgency, () => {
      inside.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { inside, enter, end };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("no more than the bound pass, the most urgent first, then who came first", async () => {
  const gate = createGate({ most: 2, clock: createTestClock(), signal: new AbortController().signal });
  const { inside, enter, end } = works(gate);
  for (const [name, urgency] of [
    ["a", 0],
    ["b", 0],
    ["c", 1],
    ["d", 5],
    ["e", 1],
  ] as const)
    void enter(name, urgency);
  await settle();
  assert.deepEqual(inside, ["d", "c"]);
  await end("c");
  assert.deepEqual(inside, ["d", "c", "e"]);
  await end("d");
  await end("e");
  assert.deepEqual(inside, ["d", "c", "e", "a", "b"]);
});

test("the bound halves when the server is overloaded and grows again while things go well", async () => {
  const gate = createGate({ most: 8, clock: createTestClock(), signal: new AbortController().signal });
  gate.ease();
  gate.ease();
  assert.equal(gate.limit, 2);
  for (let round = 0; round < 5; round++) await gate.pass(0, async () => {});
  assert.equal(gate.limit, 4);
  for (let round = 0; round < 100; round++) await gate.pass(0, async () => {});
  assert.equal(gate.limit, 8);
});

test("slow answers lower the bound too", async () => {
  const clock = createTestClock();
  const gate = createGate({ most: 8, clock, signal: new AbortController().signal });
  for (let round = 0; round < 5; round++) await gate.pass(0, () => clock.sleep(20_000));
  assert.ok(gate.limit < 8);
});

test("who takes the narrow way leaves room for others", async () => {
  const common = { clock: createTestClock(), signal: new AbortController().signal };
  const wide = createGate({ most: 2, ...common });
  const slow = works(narrowGate(wide, createGate({ most: 1, ...common })));
  const quick = works(wide);
  void slow.enter("first", 9);
  void slow.enter("second", 9);
  void quick.enter("other", 0);
  await settle();
  assert.deepEqual([slow.inside, quick.inside], [["first"], ["other"]]);
  await slow.end("first");
  assert.deepEqual(slow.inside, ["first", "second"]);
});

test("slow answers on the narrow way do not lower the bound of the others", async () => {
  const common = { clock: createTestClock(), signal: new AbortController().signal };
  const wide = createGate({ most: 8, ...common });
  const slow = narrowGate(wide, createGate({ most: 2, ...common }));
  for (let round = 0; round < 2; round++) await slow.pass(0, () => common.clock.sleep(20_000));
  assert.equal(wide.limit, 8);
  assert.equal(slow.limit, 1);
});

test("when the run is stopped those who queue are sent away, those inside finish", async () => {
  const stopping = new AbortController();
  const gate = createGate({ most: 1, clock: createTestClock(), signal: stopping.signal });
  const { inside, enter, end } = works(gate);
  const first = enter("first", 0);
  const second = enter("second", 0);
  await settle();
  const reason = new Error("stop");
  stopping.abort(reason);
  await assert.rejects(second, reason);
  await end("first");
  await first;
  assert.deepEqual(inside, ["first"]);
});
