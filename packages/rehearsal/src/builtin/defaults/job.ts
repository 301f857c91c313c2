// Jobs and cron jobs (kubernetes pkg/apis/batch/v1/defaults.go).
import { type DefaultHook, fill, fillMap, fillText, mapAt } from "./hook.ts";

const job: DefaultHook = (job) => {
  const spec = fillMap(job, "spec");
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  fill(spec, "parallelism", 1);
  fill(spec, "backoffLimit", spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1);
  const labels = mapAt(mapAt(mapAt(spec, "template"), "metadata"), "labels");
  // One map, not two alike: see `sharesPodLabels`.
  if (labels && Object.keys(fillMap(fillMap(job, "metadata"), "labels")).length === 0) {
    fillMap(job, "metadata").labels = labels;
  }
  fill(spec, "completionMode", "NonIndexed");
  fill(spec, "suspend", false);
  fill(spec, "podReplacementPolicy", spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed");
  fill(spec, "manualSelector", false);
};

const cronJob: DefaultHook = (cronJob) => {
  const spec = fillMap(cronJob, "spec");
  fill(spec, "concurrencyPolicy", "Allow");
  fill(spec, "suspend", false);
  fill(spec, "successfulJobsHistoryLimit", 3);
  fill(spec, "failedJobsHistoryLimit", 1);
};

/** Defaults by type name. */
export const jobDefaults: Readonly<Record<string, DefaultHook>> = {
  "batch.v1.Job": job,
  "batch.v1.CronJob": cronJob,
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": (pattern) => fillText(pattern, "status", "True"),
};
