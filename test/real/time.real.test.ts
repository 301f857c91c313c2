// What a rehearsal says of time, held against a real control plane whose pods are simulated by the same model.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { DeployEvent } from "@slipway/deploy";
import { builtin } from "@slipway/kubernetes";
import { calibrateTimeModel, defaultTimeModel, podReadyMs, type TimedPodSpec } from "@slipway/rehearsal";
import { type AnimatedControlPlane, startAnimatedControlPlane } from "../control-plane/animated.ts";
import { skipWithoutGo } from "../control-plane/build.ts";
import { runSlipway } from "../support/run-slipway.ts";

/** Slow pods, so that what a busy machine adds to every write weighs little. */
const timeScale = 4;
const closeEnough = 0.1;
const workload = /(Deployment|StatefulSet|DaemonSet):/;

describe("a rehearsal's times", { skip: skipWithoutGo() }, () => {
  let plane: AnimatedControlPlane;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-time-"));
    plane = await startAnimatedControlPlane({ timeScale });
  });
  after(async () => {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("order and duration are those of a real control plane, within a tenth", async () => {
    const rehearsed = await readyTimes(["up", "--starter"]);
    const happened = await readyTimes(["up", "--starter", "--context", "control-plane"]);
    const predicted = { ...rehearsed, durationMs: rehearsed.durationMs * timeScale };
    const off = Math.abs(happened.durationMs / predicted.durationMs - 1);
    assert.ok(off <= closeEnough, `predicted ${predicted.durationMs} ms, took ${happened.durationMs} ms`);

    const apart = closeEnough * rehearsed.durationMs;
    const names = [...rehearsed.readyAt.keys()].filter((node) => workload.test(node));
    assert.ok(names.length > 10);
    for (const first of names) {
      for (const second of names) {
        const expected = at(rehearsed, second) - at(rehearsed, first);
        if (expected <= apart) continue;
        assert.ok(at(happened, first) < at(happened, second), `${first} was not ready before ${second}`);
      }
    }
  });

  test("calibration gives back the model that the control plane was animated with", async () => {
    const list = async (kind: string) => (await plane.client.list(builtin("", kind))).items;
    const pods = await list("Pod");
    const { model } = calibrateTimeModel("control-plane", { pods, events: await list("Event") });
    assert.equal(model.pulls, "parallel");
    const given = { ...defaultTimeModel, scale: timeScale };
    for (const pod of pods) {
      const spec = pod.spec as TimedPodSpec;
      const off = Math.abs(podReadyMs(spec, model) / podReadyMs(spec, given) - 1);
      assert.ok(off <= closeEnough, `${pod.metadata.name}: ${podReadyMs(spec, model)} ms`);
    }
  });

  interface ReadyTimes {
    readonly readyAt: ReadonlyMap<string, number>;
    readonly durationMs: number;
  }
  const at = ({ readyAt }: ReadyTimes, node: string): number => readyAt.get(node) ?? Number.NaN;

  async function readyTimes(args: readonly string[]): Promise<ReadyTimes> {
    const { code, stdout, stderr } = await runSlipway([...args, "-o", "json"], {
      directory: folder,
      environment: { KUBECONFIG: plane.kubeconfig },
    });
    assert.equal(code, 0, stderr);
    const readyAt = new Map<string, number>();
    let durationMs = 0;
    for (const line of stdout.trimEnd().split("\n")) {
      const event = JSON.parse(line) as DeployEvent;
      if (event.type === "state" && event.state === "ready") readyAt.set(event.node, event.at);
      if (event.type === "finished") durationMs = event.summary.durationMs;
    }
    return { readyAt, durationMs };
  }
});
