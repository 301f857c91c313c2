import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client, WatchEvent } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ApiError } from "./errors.ts";
import { createInformer, type Informer } from "./informer.ts";
import type { KubernetesObject } from "./object.ts";
import { builtin } from "./resource-types.ts";

const pods = builtin("", "Pod");

function pod(name: string, version: number, uid = name): KubernetesObject {
  const labels = { app: name };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "n", uid, resourceVersion: `${version}`, labels },
  };
}

/** A clock that only counts: every sleep is over at once, and is written down. */
function countingClock(): Clock & { slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    schedule: () => () => {},
    async sleep(ms, signal) {
      if (signal?.aborted) throw signal.reason;
      slept.push(ms);
      now += ms;
    },
    hold: (work) => work,
  };
}

type Step = { list: KubernetesObject[]; version: string } | { watch: WatchEvent[] } | { fail: unknown };

/** Follows a script of lists and watches; the last watch stays open. Returns what was asked and told. */
async function follow(steps: Step[]) {
  const asked: string[] = [];
  const told: string[] = [];
  const errors: unknown[] = [];
  const clock = countingClock();
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const take = () => {
    const step = steps.shift();
    if (step && "fail" in step) throw step.fail;
    return step;
  };
  const client: Partial<Client> = {
    async list() {
      asked.push("list");
      const step = take();
      assert.ok(step && "list" in step, "a list was not expected here");
      return { items: step.list, resourceVersion: step.version };
    },
    async *watch(_type, options) {
      asked.push(`watch ${options.resourceVersion}`);
      const step = take();
      if (!step) {
        finish();
        await new Promise((_, reject) =>
          options.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
        );
        return;
      }
      assert.ok("watch" in step, "a watch was not expected here");
      yield* step.watch;
    },
  };
  const informer: Informer = createInformer({
    client: client as Client,
    clock,
    type: pods,
    indexes: { app: (object) => Object.values(object.metadata.labels ?? {}) },
    onChange: (change) =>
      told.push(`${change.type} ${change.object.metadata.name}@${change.object.metadata.resourceVersion}`),
    onError: (error) => errors.push(error),
  });
  await finished;
  await informer.synced;
  return { informer, asked, told, errors, slept: clock.slept };
}

test("lists, then watches from the list's version and keeps the cache", async () => {
  const { informer, asked, told } = await follow([
    { list: [pod("a", 1), pod("b", 2)], version: "2" },
    {
      watch: [
        { type: "MODIFIED", object: pod("a", 3) },
        { type: "DELETED", object: pod("b", 4) },
        { type: "ADDED", object: pod("c", 5) },
        { type: "BOOKMARK", object: pod("", 9) },
      ],
    },
  ]);
  assert.deepEqual(told, ["added a@1", "added b@2", "updated a@3", "deleted b@4", "added c@5"]);
  assert.deepEqual(asked, ["list", "watch 2", "watch 9"]);
  assert.equal(informer.get("a", "n")?.metadata.resourceVersion, "3");
  assert.equal(informer.get("b", "n"), undefined);
  assert.deepEqual(
    informer.index("app", "c").map((object) => object.metadata.name),
    ["c"],
  );
  assert.deepEqual(informer.index("app", "b"), []);
  informer.stop();
});

test("lists again on 410 and tells only what differs", async () => {
  const expired = new ApiError(410, { message: "too old resource version", reason: "Expired" });
  const { asked, told, errors, slept, informer } = await follow([
    { list: [pod("a", 1), pod("b", 2), pod("d", 2)], version: "2" },
    { fail: expired },
    { list: [pod("a", 1), pod("c", 8), pod("d", 7, "other")], version: "8" },
  ]);
  assert.deepEqual(asked, ["list", "watch 2", "list", "watch 8"]);
  assert.deepEqual(told.slice(3), ["deleted b@2", "added c@8", "deleted d@2", "added d@7"]);
  assert.deepEqual([errors, slept], [[], []]);
  informer.stop();
});

test("tries again with growing pauses, or after the time that the server names", async () => {
  const busy = new ApiError(429, { message: "storage is (re)initializing" }, 1000);
  const { slept, errors, told, informer } = await follow([
    { fail: busy },
    { fail: new Error("refused") },
    { fail: new Error("refused") },
    { list: [pod("a", 1)], version: "1" },
  ]);
  assert.deepEqual(slept, [1000, 1600, 3200]);
  assert.equal(errors.length, 3);
  assert.deepEqual(told, ["added a@1"]);
  informer.stop();
});

test("a watch that keeps ending at once is not opened without a pause", async () => {
  const { slept, informer } = await follow([
    { list: [], version: "1" },
    { watch: [] },
    { watch: [] },
    { watch: [] },
  ]);
  assert.deepEqual(slept, [800, 1600]);
  informer.stop();
});
