import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { validateJobStatus } from "./job-status.ts";

function job(status: JsonObject, spec: JsonObject = {}): KubernetesObject {
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" }, spec, status };
}

const told = (now: KubernetesObject, old = job({})) =>
  validateJobStatus(now, old).map(({ field, message }) => `${field}: ${message}`);
const is = (...types: readonly string[]) => types.map((type) => ({ type, status: "True" }));
const start = "2026-01-02T03:04:05Z";
const end = "2026-01-02T03:05:00Z";

test("counts are not negative, and no pod is ready that does not run", () => {
  assert.deepEqual(told(job({ active: -1, ready: 1 })), [
    "status.active: Invalid value: -1: must be greater than or equal to 0",
    "status.ready: Invalid value: 1: cannot set more ready pods than active",
  ]);
  assert.deepEqual(told(job({ uncountedTerminatedPods: { succeeded: ["a", ""], failed: ["a"] } })), [
    'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
    'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
  ]);
});

test("a finished job has ended in every respect", () => {
  assert.deepEqual(told(job({ active: 1, terminating: 1, conditions: is("Complete") })), [
    "status.completionTime: Required value: completionTime is required for Complete jobs",
    "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    "status.active: Invalid value: 1: active>0 is invalid for finished job",
    "status.startTime: Required value: startTime is required for finished job",
    "status.terminating: Invalid value: 1: terminating>0 is invalid for finished job",
  ]);
  const done = { startTime: start, completionTime: end, conditions: is("SuccessCriteriaMet", "Complete") };
  assert.deepEqual(told(job(done)), []);
  assert.deepEqual(told(job({ ...done, completionTime: "2026-01-01T00:00:00Z" })), [
    'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": must be equal to or after `startTime`',
  ]);
  // What was wrong before and stays as it was is left alone.
  assert.deepEqual(
    told(job({ active: 1, conditions: is("Complete") }), job({ active: 1, conditions: is("Complete") })),
    [],
  );
});

test("a job does not both fail and succeed", () => {
  assert.deepEqual(
    told(job({ startTime: start, conditions: is("Failed", "SuccessCriteriaMet", "FailureTarget") })),
    [
      "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
      "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
    ],
  );
  assert.deepEqual(told(job({ startTime: start, conditions: is("Failed") })), [
    "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition",
  ]);
});

test("what has ended does not begin again", () => {
  const failed = job({
    startTime: start,
    failed: 2,
    succeeded: 1,
    conditions: is("FailureTarget", "Failed"),
  });
  assert.deepEqual(told(job({ failed: 1 }), failed), [
    "status.conditions: Invalid value: cannot disable the terminal Failed=True condition",
    "status.conditions: Invalid value: cannot disable the terminal FailureTarget=True condition",
    "status.failed: Invalid value: 1: cannot decrease the failed counter",
    "status.succeeded: Invalid value: 0: cannot decrease the succeeded counter",
    "status.startTime: Invalid value: null: field is immutable for unsuspended job once set",
  ]);
  const complete = job({ conditions: is("SuccessCriteriaMet", "Complete") });
  assert.deepEqual(told(job({}), complete), [
    "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
    "status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition",
  ]);
  const elastic = { completionMode: "Indexed", completions: 2, parallelism: 2 };
  assert.deepEqual(told(job({ succeeded: 0 }, elastic), job({ succeeded: 1 }, elastic)), []);
});

test("indexes are those of an indexed job, and a time of the end that of a complete one", () => {
  assert.deepEqual(told(job({ completedIndexes: "0", failedIndexes: "1", completionTime: end })), [
    `status.completionTime: Invalid value: "${end}": cannot set completionTime when there is no Complete=True condition`,
    'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
    'status.failedIndexes: Invalid value: "1": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
  ]);
});
