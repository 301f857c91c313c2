import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestClock } from "../test/test-clock.ts";
import { createGate, type Gate } from "./gate.ts";

/** Works that end when told, and what has been let in. */
function works(pass: Gate["pass"]) {
  const inside: string[] = [];
  const ends = new Map<string, () => void>();
  const enter = (name: string, urgency: number) =>
    pass(urgency, () => {
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
  const { inside, enter, end } = works(gate.pass);
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

test("slow works leave half of the room to others, and are let in by urgency", async () => {
  const gate = createGate({ most: 4, clock: createTestClock(), signal: new AbortController().signal });
  const slow = works(gate.passSlowly);
  const quick = works(gate.pass);
  for (const [name, urgency] of [
    ["small", 1],
    ["large", 0],
    ["needed", 9],
  ] as const)
    void slow.enter(name, urgency);
  for (const name of ["a", "b", "c"]) void quick.enter(name, 5);
  await settle();
  assert.deepEqual([slow.inside, quick.inside], [["needed"], ["a", "b", "c"]]);
  await quick.end("a");
  assert.deepEqual(slow.inside, ["needed", "small"]);
  await quick.end("b");
  assert.deepEqual(slow.inside, ["needed", "small"]);
  await slow.end("needed");
  assert.deepEqual(slow.inside, ["needed", "small", "large"]);
});

test("one slow work is always under way, however urgent others are, if there is room for two", async () => {
  const gate = createGate({ most: 2, clock: createTestClock(), signal: new AbortController().signal });
  const slow = works(gate.passSlowly);
  const quick = works(gate.pass);
  for (const name of ["a", "b"]) void quick.enter(name, 9);
  for (const name of ["first", "second"]) void slow.enter(name, 0);
  await settle();
  assert.deepEqual([slow.inside, quick.inside], [["first"], ["a"]]);
  await slow.end("first");
  assert.deepEqual([slow.inside, quick.inside], [["first", "second"], ["a"]]);
});

test("where there is room for one only the more urgent comes first, slow or not", async () => {
  const gate = createGate({ most: 1, clock: createTestClock(), signal: new AbortController().signal });
  const slow = works(gate.passSlowly);
  const quick = works(gate.pass);
  void slow.enter("slow", 0);
  void quick.enter("quick", 1);
  await settle();
  assert.deepEqual([slow.inside, quick.inside], [[], ["quick"]]);
  await quick.end("quick");
  assert.deepEqual(slow.inside, ["slow"]);
});

test("how long slow works take bounds them alone", async () => {
  const clock = createTestClock();
  const gate = createGate({ most: 8, clock, signal: new AbortController().signal });
  for (let round = 0; round < 5; round++) await gate.passSlowly(0, () => clock.sleep(20_000));
  assert.equal(gate.limit, 8);
  const slow = works(gate.passSlowly);
  for (const name of ["a", "b", "c", "d"]) void slow.enter(name, 0);
  await settle();
  assert.ok(slow.inside.length < 4);
});

test("when the run is stopped those who queue are sent away, those inside finish", async () => {
  const stopping = new AbortController();
  const gate = createGate({ most: 1, clock: createTestClock(), signal: stopping.signal });
  const { inside, enter, end } = works(gate.pass);
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
