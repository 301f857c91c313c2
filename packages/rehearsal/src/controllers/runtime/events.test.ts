import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { createRandom } from "../../clock/random.ts";
import { at, startTestCluster } from "../test-cluster.ts";
import { createEventRecorder, type EventText } from "./events.ts";

const about: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web", namespace: "default", uid: "00000000-0000-4000-8000-000000000001" },
};
const failed = (message: string): EventText => ({ type: "Warning", reason: "Failed", message });

test("the same event counts up; many alike share one; more than that are dropped for a while", async (t) => {
  const { client, clock, list } = await startTestCluster(t, { controllers: false });
  const context = { client, clock, random: createRandom(1), signal: new AbortController().signal };
  const record = createEventRecorder(context, "tester");
  const counts = async () =>
    (await list("Event")).map((event) => `${Number(at(event, "count"))} ${String(event.message)}`).sort();
  record(about, failed("one"));
  record(about, failed("one"));
  await clock.sleep(10);
  assert.deepEqual(await counts(), ["2 one"]);
  for (let n = 2; n <= 13; n += 1) record(about, failed(`message ${n}`));
  await clock.sleep(10);
  const all = await counts();
  assert.equal(all.length, 10);
  assert.ok(all.includes("4 (combined from similar events): message 13"), all.join("\n"));
  for (let n = 0; n < 50; n += 1) record(about, failed("one"));
  await clock.sleep(10);
  const total = (await counts()).reduce((sum, text) => sum + Number(text.split(" ")[0]), 0);
  assert.equal(total, 25);
});
