import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { createWorkQueue } from "./work-queue.ts";

function start(t: TestContext, work: (key: string) => Promise<void>, workers = 2) {
  const clock = createVirtualClock();
  const stopping = new AbortController();
  t.after(() => stopping.abort());
  const errors: string[] = [];
  const onError = (error: unknown, key: string) => errors.push(`${key}: ${String(error)}`);
  const queue = createWorkQueue({ clock, signal: stopping.signal, workers, work, onError });
  return { clock, queue, errors, stop: () => stopping.abort() };
}

test("a key that is added again and again waits once", async (t) => {
  const worked: string[] = [];
  const { clock, queue } = start(t, async (key) => void worked.push(key));
  for (const key of ["a", "b", "a", "a", "b"]) queue.add(key);
  await clock.sleep(1);
  assert.deepEqual(worked, ["a", "b"]);
});

test("a key is never worked on twice at once, and comes again when it was added meanwhile", async (t) => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const { clock, queue } = start(t, async () => {
    running += 1;
    runs += 1;
    most = Math.max(most, running);
    await clock.sleep(10);
    running -= 1;
  });
  queue.add("a");
  await clock.sleep(1);
  queue.add("a");
  queue.add("a");
  await clock.sleep(100);
  assert.deepEqual({ most, runs }, { most: 1, runs: 2 });
});

test("a failing key comes back after a pause that doubles, and afresh after success", async (t) => {
  const times: number[] = [];
  let failing = true;
  const { clock, queue, errors } = start(t, async () => {
    times.push(clock.now());
    if (failing) throw new Error("no");
  });
  queue.add("a");
  await clock.sleep(100);
  assert.deepEqual(times, [0, 5, 15, 35, 75]);
  assert.equal(errors.length, 5);
  failing = false;
  await clock.sleep(100);
  failing = true;
  const before = times.length;
  queue.add("a");
  await clock.sleep(12);
  assert.deepEqual(
    times.slice(before).map((time) => time - (times[before] ?? 0)),
    [0, 5],
  );
});

test("no more keys are worked on at once than there are workers", async (t) => {
  let running = 0;
  let most = 0;
  const { clock, queue } = start(
    t,
    async () => {
      running += 1;
      most = Math.max(most, running);
      await clock.sleep(1);
      running -= 1;
    },
    3,
  );
  for (let n = 0; n < 20; n += 1) queue.add(String(n));
  await clock.sleep(100);
  assert.equal(most, 3);
});

test("of two delays for one key the earlier counts, and nothing happens after the end", async (t) => {
  const times: number[] = [];
  const { clock, queue, stop } = start(t, async () => void times.push(clock.now()));
  queue.addAfter("a", 50);
  queue.addAfter("a", 20);
  queue.addAfter("a", 80);
  await clock.sleep(200);
  assert.deepEqual(times, [20]);
  queue.addAfter("a", 20);
  stop();
  queue.add("b");
  await clock.sleep(100);
  assert.deepEqual(times, [20]);
});
