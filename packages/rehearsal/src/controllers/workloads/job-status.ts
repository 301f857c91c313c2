// How a Job stands (pkg/controller/job).
import type { Condition } from "../kinds/meta.ts";
import type { Pod } from "../kinds/pod.ts";
import type { Job, JobStatus } from "../kinds/workload.ts";
import { conditionOf, isPodActive, isPodReady } from "../pods.ts";
import { formatTime } from "../runtime/time.ts";

export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";

/** What a Job's pods amount to. */
export interface JobCount {
  readonly active: readonly Pod[];
  readonly terminating: number;
  readonly succeeded: number;
  readonly failed: number;
  /** Indexes that have succeeded; empty unless the Job is indexed. */
  readonly completed: ReadonlySet<number>;
}

/** Counts the pods of a Job. */
export function countPods(job: Job, pods: readonly Pod[]): JobCount {
  const succeeded = pods.filter((pod) => pod.status?.phase === "Succeeded");
  const indexed = job.spec.completionMode === "Indexed";
  const completed = new Set(indexed ? succeeded.map(indexOf) : []);
  return {
    active: pods.filter(isPodActive),
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp).length,
    succeeded: indexed ? completed.size : succeeded.length,
    failed: Math.max(job.status?.failed ?? 0, pods.filter((pod) => pod.status?.phase === "Failed").length),
    completed,
  };
}

/** The completion index of an indexed Job's pod. */
export function indexOf(pod: Pod): number {
  return Number(pod.metadata.annotations?.[COMPLETION_INDEX] ?? -1);
}

/** How many pods are to be active now. */
export function wantedPods(job: Job, { active, succeeded }: JobCount): number {
  const { parallelism = 1, completions, suspend } = job.spec;
  if (suspend || isFinished(job)) return 0;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.min(parallelism, Math.max(0, completions - succeeded));
}

/** Complete or failed, for good. */
export function isFinished({ status }: Job): boolean {
  return ["Complete", "Failed"].some((type) => conditionOf(status, type)?.status === "True");
}

/** The condition that decides a Job's end, once its pods have decided it. */
export function verdict(job: Job, count: JobCount, now: number): Condition | undefined {
  const { completions, backoffLimit = 6, activeDeadlineSeconds } = job.spec;
  const started = job.status?.startTime ? Date.parse(job.status.startTime) : now;
  if (count.failed > backoffLimit) {
    return condition("FailureTarget", now, {
      reason: "BackoffLimitExceeded",
      message: "Job has reached the specified backoff limit",
    });
  }
  if (activeDeadlineSeconds !== undefined && now >= started + activeDeadlineSeconds * 1000) {
    return condition("FailureTarget", now, {
      reason: "DeadlineExceeded",
      message: "Job was active longer than specified deadline",
    });
  }
  const done =
    completions === undefined
      ? count.succeeded > 0 && count.active.length === 0
      : count.succeeded >= completions && count.active.length === 0;
  if (!done) return undefined;
  return condition("SuccessCriteriaMet", now, {
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
  });
}

/** The counts and conditions of a Job; `conditions` are those that have been decided. */
export function jobStatus(
  job: Job,
  count: JobCount,
  conditions: readonly Condition[],
  now: number,
): JobStatus {
  const complete = conditions.find(({ type }) => type === "Complete");
  const ready = count.active.filter(isPodReady).length;
  // Pods that are cut off when the Job fails have failed with it.
  const failing = conditions.some(({ type }) => type === "FailureTarget");
  const cutOff = failing && !conditionOf(job.status, "FailureTarget") ? count.active.length : 0;
  const failed = count.failed + cutOff;
  return {
    ...(conditions.length > 0 ? { conditions: [...conditions] } : {}),
    ...(job.spec.suspend ? {} : { startTime: job.status?.startTime ?? formatTime(now) }),
    ...(complete ? { completionTime: job.status?.completionTime ?? formatTime(now) } : {}),
    ...(count.active.length > 0 ? { active: count.active.length } : {}),
    ...(count.succeeded > 0 ? { succeeded: count.succeeded } : {}),
    ...(failed > 0 ? { failed } : {}),
    terminating: count.terminating,
    ready,
    uncountedTerminatedPods: {},
    ...(count.completed.size > 0 ? { completedIndexes: formatIndexes(count.completed) } : {}),
  };
}

export function condition(type: string, now: number, why: { reason: string; message: string }): Condition {
  const time = formatTime(now);
  return { type, status: "True", lastProbeTime: time, lastTransitionTime: time, ...why };
}

/** `1,3-5,7` as the API writes sets of indexes. */
export function formatIndexes(indexes: ReadonlySet<number>): string {
  const ranges: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(",");
}
