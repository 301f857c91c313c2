import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { createVirtualClock } from "./virtual-clock.ts";

test("jumps over any time at once", async () => {
  const clock = createVirtualClock({ start: 1_000 });
  await clock.sleep(30 * 24 * 3600_000);
  assert.equal(clock.now(), 1_000 + 30 * 24 * 3600_000);
});

test("timers run by time, those of one instant in the order in which they were set", async () => {
  const clock = createVirtualClock();
  const ran: string[] = [];
  clock.schedule(20, () => ran.push("c"));
  clock.schedule(10, () => ran.push("a"));
  clock.schedule(10, () => ran.push("b"));
  clock.schedule(0, () => ran.push("now"));
  await clock.sleep(20);
  assert.deepEqual(ran, ["now", "a", "b", "c"]);
});

test("many timers in any order of setting come out sorted", async () => {
  const clock = createVirtualClock();
  const times: number[] = [];
  for (let i = 0; i < 2_000; i += 1) clock.schedule((i * 7919) % 1009, () => times.push(clock.now()));
  await clock.sleep(1009);
  assert.equal(times.length, 2_000);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test("a cancelled timer does not run and does not move time", async () => {
  const clock = createVirtualClock();
  let ran = false;
  const cancel = clock.schedule(50, () => {
    ran = true;
  });
  cancel();
  cancel();
  assert.equal(clock.waiting, 0);
  await clock.sleep(10);
  assert.equal(clock.now(), 10);
  assert.equal(ran, false);
});

test("a timer may cancel another of the same instant", async () => {
  const clock = createVirtualClock();
  const ran: string[] = [];
  let cancel = () => {};
  clock.schedule(5, () => cancel());
  cancel = clock.schedule(5, () => ran.push("cancelled"));
  await clock.sleep(6);
  assert.deepEqual(ran, []);
});

test("does not jump while promises still run", async () => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  const work = (async () => {
    for (let i = 0; i < 500; i += 1) await Promise.resolve();
    seen.push(clock.now());
  })();
  await Promise.all([work, clock.sleep(100)]);
  assert.deepEqual(seen, [0]);
});

test("does not jump while work outside is held, and goes on when it fails", async () => {
  const clock = createVirtualClock();
  let readAt = -1;
  const read = clock.hold(readFile(import.meta.filename)).then(() => {
    readAt = clock.now();
  });
  await clock.sleep(1_000);
  await read;
  assert.equal(readAt, 0);
  const failing = clock.hold(readFile(join(import.meta.dirname, "absent")));
  await Promise.all([assert.rejects(failing, { code: "ENOENT" }), clock.sleep(5)]);
  assert.equal(clock.now(), 1_005);
});

test("an aborted sleep rejects with the reason and leaves nothing waiting", async () => {
  const clock = createVirtualClock();
  const controller = new AbortController();
  const sleep = clock.sleep(1_000, controller.signal);
  controller.abort(new Error("enough"));
  await assert.rejects(sleep, { message: "enough" });
  await assert.rejects(clock.sleep(1, controller.signal), { message: "enough" });
  assert.equal(clock.waiting, 0);
  assert.equal(clock.now(), 0);
});

test("requests over a socket hold the clock while they are answered", async () => {
  const clock = createVirtualClock();
  const order: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const answer = clock.hold(
      new Promise<void>((resolve) => {
        incoming.on("data", () => {});
        incoming.on("end", () => {
          order.push(`answered at ${clock.now()}`);
          outgoing.end("ok", () => resolve());
        });
      }),
    );
    void answer;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = clock.hold(
    new Promise<void>((resolve, reject) => {
      const sent = request({ port, method: "POST" }, (response) => response.resume().on("end", resolve));
      sent.on("error", reject);
      sent.end("body");
    }),
  );
  clock.schedule(1, () => order.push("timer"));
  await answer;
  await clock.sleep(10);
  server.close();
  assert.deepEqual(order, ["answered at 0", "timer"]);
});

test("on a leash, what repeats for ever stands still until somebody asks again", async () => {
  const clock = createVirtualClock();
  const hour = 3_600_000;
  let ticks = 0;
  const tick = (): void => {
    ticks += 1;
    clock.schedule(hour, tick);
  };
  clock.leash(10 * hour);
  clock.schedule(hour, tick);
  const turns = async () => {
    for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  await turns();
  assert.equal(ticks, 10);
  await clock.hold(Promise.resolve());
  await turns();
  assert.equal(ticks, 20);
  assert.equal(clock.now(), 20 * hour);
  clock.stop();
});

test("beyond its leash, time passes as it does outside, to the same instants", async () => {
  const clock = createVirtualClock({ start: 1_000 });
  clock.leash(0);
  await clock.sleep(5);
  assert.equal(clock.now(), 1_005);
  const seen: number[] = [];
  clock.schedule(3, () => seen.push(clock.now()));
  clock.schedule(7, () => seen.push(clock.now()));
  await clock.sleep(9);
  assert.deepEqual(seen, [1_008, 1_012]);
});

test("a process lives while someone sleeps, and no longer", () => {
  const script = `
    import { createVirtualClock } from ${JSON.stringify(join(import.meta.dirname, "virtual-clock.ts"))};
    const clock = createVirtualClock();
    await clock.sleep(3600_000);
    console.log("awake at", clock.now());
    clock.schedule(10, () => console.log("ten later"));
    clock.schedule(20, () => clock.stop());
    clock.schedule(30, () => console.log("never"));
    process.on("exit", () => console.log("end"));
  `;
  const result = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(result.stdout, "awake at 3600000\nten later\nend\n", result.stderr);
});
