import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, createClient, type KubernetesObject } from "@slipway/kubernetes";
import { ProblemError } from "@slipway/yaml";
import { startCluster } from "../cluster.ts";
import { calibrateTimeModel } from "./calibrate.ts";
import { defaultTimeModel, podTimes, type TimeModel } from "./time-model.ts";

const image = (name: string) => `registry.example/${name}:1`;
const readinessProbe = { tcpSocket: { port: 80 } };
const podSpecs: readonly Record<string, unknown>[] = [
  { containers: [{ name: "a", image: image("a") }] },
  { containers: [{ name: "b", image: image("b"), readinessProbe }] },
  {
    initContainers: [{ name: "i", image: image("i") }],
    containers: [
      { name: "a", image: image("a") },
      { name: "c", image: image("c") },
    ],
  },
  {
    containers: [
      { name: "b", image: image("b"), readinessProbe },
      { name: "d", image: image("d") },
    ],
  },
];

/** What a cluster with these times shows of the pods once all are ready. */
async function observe(timeModel: TimeModel) {
  const cluster = await startCluster({ timeModel });
  const client = createClient({ transport: cluster.transport, userAgent: "test" });
  try {
    for (const [index, spec] of podSpecs.entries()) {
      const metadata = { name: `pod-${index}`, namespace: "default" };
      await client.create(builtin("", "Pod"), {
        apiVersion: "v1",
        kind: "Pod",
        metadata,
        spec,
      } as KubernetesObject);
    }
    await cluster.clock.sleep(120_000);
    const pods = (await client.list(builtin("", "Pod"))).items;
    return { pods, events: (await client.list(builtin("", "Event"))).items };
  } finally {
    await cluster.stop();
  }
}

const measured: TimeModel = {
  ...defaultTimeModel,
  images: {
    [image("a")]: { pullMs: 4_321, settleMs: 0 },
    [image("b")]: { pullMs: 2_500, settleMs: 6_000 },
    [image("c")]: { pullMs: 8_765, settleMs: 0 },
  },
};

for (const [name, timeModel] of Object.entries({
  "the built-in model": defaultTimeModel,
  "twice the built-in times": { ...defaultTimeModel, scale: 2 },
  "times by image": measured,
  "pulls one after the other": { ...measured, pulls: "serial" as const },
  "an overhead": { ...measured, overheadMs: 3_000 },
})) {
  test(`calibration gives back ${name}`, async () => {
    const { model, pods } = calibrateTimeModel("here", await observe(timeModel));
    assert.equal(pods, podSpecs.length);
    assert.equal(model.pulls, timeModel.pulls);
    for (const spec of podSpecs) {
      const expected = podTimes(spec, timeModel);
      const found = podTimes(spec, model);
      // The API's times are whole seconds.
      assert.ok(
        Math.abs(found.runningMs - expected.runningMs) <= 1_000,
        JSON.stringify({ spec, found, expected }),
      );
      assert.ok(
        Math.abs(found.readyMs - expected.readyMs) <= 1_500,
        JSON.stringify({ spec, found, expected }),
      );
    }
  });
}

test("pulls are known to the millisecond", async () => {
  const { model } = calibrateTimeModel("here", await observe(measured));
  assert.equal(model.images[image("a")]?.pullMs, 4_321);
  assert.equal(model.images[image("c")]?.pullMs, 8_765);
});

test("without a pull there is nothing to measure", () => {
  assert.throws(
    () => calibrateTimeModel("here", { pods: [], events: [] }),
    (error) => error instanceof ProblemError && error.problem.code === "calibrate/no-pulls",
  );
});
