// The Job controller: pods until enough have succeeded (pkg/controller/job).
import { isJsonObject } from "@slipway/yaml";
import type { Condition } from "../kinds/meta.ts";
import type { Container, Pod } from "../kinds/pod.ts";
import type { Job } from "../kinds/workload.ts";
import { conditionOf, generateNamePrefix, podFromTemplate } from "../pods.ts";
import { JOBS, PODS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { parseTime } from "../runtime/time.ts";
import { startSlowly } from "../slow-start.ts";
import { canonicalJson } from "../template-hash.ts";
import {
  COMPLETION_INDEX,
  condition,
  countPods,
  indexOf,
  isFinished,
  type JobCount,
  jobStatus,
  verdict,
  wantedPods,
} from "./job-status.ts";

/**
 * Starts the Job controller, with indexed Jobs, suspension, deadlines, back-off limit and removal after
 * `ttlSecondsAfterFinished`. Left out: pod failure and success policies, tracking finalizers on pods.
 */
export function startJobController(environment: Environment): void {
  const { caches, clock } = environment;
  const jobs = caches.follow<Job>(JOBS);
  const pods = caches.follow<Pod>(PODS);

  const controller = runController(environment, {
    name: "job-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const job = jobs.get(name, namespace);
      if (!job || job.metadata.deletionTimestamp || isManagedElsewhere(job)) return;
      if (isFinished(job)) return expire(job, tools);
      const owned = pods.ownedBy(uidOf(job));
      const count = countPods(job, owned);
      const conditions = await settle(job, count, tools);
      const suspended = conditions.find(({ type }) => type === "Suspended");
      if (suspended?.reason !== conditionOf(job.status, "Suspended")?.reason && suspended) {
        const { reason, message = "" } = suspended;
        tools.record(job, {
          type: "Normal",
          reason: reason === "JobSuspended" ? "Suspended" : "Resumed",
          message,
        });
      }
      const status = jobStatus(job, count, conditions, clock.now());
      if (canonicalJson(status) !== canonicalJson(job.status ?? {})) {
        await tools.write.updateStatus(JOBS, { ...job, status });
      }
      if (!conditions.some(({ type }) => type === "SuccessCriteriaMet" || type === "FailureTarget")) {
        await adjust(job, owned, count, tools);
      }
      const { activeDeadlineSeconds } = job.spec;
      const started = parseTime(status.startTime) ?? clock.now();
      if (activeDeadlineSeconds !== undefined && !isFinished({ ...job, status })) {
        tools.enqueue(key, Math.max(1, started + activeDeadlineSeconds * 1000 - clock.now()));
      }
    },
  });
  controller.watch(jobs, (job) => [keyOf(job)]);
  controller.watch(pods, (pod) => {
    const owner = controllerOf(pod);
    return owner?.kind === "Job" ? [`${pod.metadata.namespace}/${owner.name}`] : [];
  });

  /** The Job's conditions now. Its end is announced first and comes when its pods are gone. */
  async function settle(job: Job, count: JobCount, { write, record }: ControllerTools): Promise<Condition[]> {
    const now = clock.now();
    const conditions = suspension(job, now);
    const announced =
      conditionOf(job.status, "SuccessCriteriaMet") ?? conditionOf(job.status, "FailureTarget");
    if (!announced) {
      const decided = verdict(job, count, now);
      return decided ? [...conditions, decided] : conditions;
    }
    for (const pod of count.active) await removePod(job, pod, { write, record });
    if (count.active.length > 0) return conditions;
    const { reason = "", message = "" } = announced;
    const succeeded = announced.type === "SuccessCriteriaMet";
    record(
      job,
      succeeded
        ? { type: "Normal", reason: "Completed", message: "Job completed" }
        : { type: "Warning", reason, message },
    );
    return [...conditions, condition(succeeded ? "Complete" : "Failed", now, { reason, message })];
  }

  async function adjust(
    job: Job,
    owned: readonly Pod[],
    count: JobCount,
    { write, record }: ControllerTools,
  ): Promise<void> {
    const missing = wantedPods(job, count) - count.active.length;
    for (const pod of count.active.slice(0, Math.max(0, -missing))) {
      await removePod(job, pod, { write, record });
    }
    if (missing <= 0) return;
    const indexes = freeIndexes(job, owned, count);
    const { error } = await startSlowly(missing, async (nth) => {
      const index = job.spec.completionMode === "Indexed" ? indexes[nth] : undefined;
      try {
        const pod = await write.create(PODS, buildPod(job, index));
        record(job, {
          type: "Normal",
          reason: "SuccessfulCreate",
          message: `Created pod: ${pod.metadata.name}`,
        });
      } catch (refused) {
        const reason = refused instanceof Error ? refused.message : String(refused);
        record(job, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${reason}` });
        throw refused;
      }
    });
    if (error) throw error;
  }

  /** Removes a finished Job when its time has come. */
  async function expire(job: Job, { write, enqueue }: ControllerTools): Promise<void> {
    const { ttlSecondsAfterFinished } = job.spec;
    if (ttlSecondsAfterFinished === undefined) return;
    const end = conditionOf(job.status, "Complete") ?? conditionOf(job.status, "Failed");
    const due = (parseTime(end?.lastTransitionTime) ?? clock.now()) + ttlSecondsAfterFinished * 1000;
    if (clock.now() < due) enqueue(keyOf(job), due - clock.now());
    else await write.delete(JOBS, job, { propagationPolicy: "Foreground" });
  }
}

async function removePod(
  job: Job,
  pod: Pod,
  { write, record }: Pick<ControllerTools, "write" | "record">,
): Promise<void> {
  await write.delete(PODS, pod);
  record(job, {
    type: "Normal",
    reason: "SuccessfulDelete",
    message: `Deleted pod: ${pod.metadata.name}`,
  });
}

function suspension(job: Job, now: number): Condition[] {
  const conditions = (job.status?.conditions ?? []).filter(({ type }) => type !== "Suspended");
  const current = conditionOf(job.status, "Suspended");
  if (!job.spec.suspend && !current) return conditions;
  const wanted = job.spec.suspend
    ? condition("Suspended", now, { reason: "JobSuspended", message: "Job suspended" })
    : { ...condition("Suspended", now, { reason: "JobResumed", message: "Job resumed" }), status: "False" };
  return [...conditions, current?.status === wanted.status ? current : wanted];
}

function freeIndexes(job: Job, owned: readonly Pod[], { active, completed }: JobCount): number[] {
  const taken = new Set([...completed, ...owned.filter((pod) => active.includes(pod)).map(indexOf)]);
  const total = job.spec.completions ?? 0;
  return Array.from({ length: total }, (_, index) => index).filter((index) => !taken.has(index));
}

function buildPod(job: Job, index: number | undefined): Pod {
  const { name } = job.metadata;
  const prefix = index === undefined ? name : `${name}-${index}`;
  const pod = podFromTemplate(job.spec.template, job, generateNamePrefix(prefix));
  const uid = uidOf(job);
  const labels = {
    ...pod.metadata.labels,
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
    ...(index === undefined ? {} : { [COMPLETION_INDEX]: String(index) }),
  };
  const annotations =
    index === undefined
      ? {}
      : { annotations: { ...pod.metadata.annotations, [COMPLETION_INDEX]: String(index) } };
  const metadata = { ...pod.metadata, labels, ...annotations };
  return index === undefined
    ? { ...pod, metadata }
    : { ...pod, metadata, spec: { ...withIndex(pod.spec), hostname: `${name}-${index}` } };
}

/** Every container of an indexed Job knows its number (pkg/controller/job indexed_job_utils.go). */
function withIndex(spec: Pod["spec"]): Pod["spec"] {
  const name = "JOB_COMPLETION_INDEX";
  const variable = { name, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } };
  const told = (container: Container): Container => {
    const env = Array.isArray(container.env) ? container.env : [];
    const known = env.some((one) => isJsonObject(one) && one.name === name);
    return known ? container : { ...container, env: [...env, variable] };
  };
  return {
    ...spec,
    containers: spec.containers.map(told),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(told) } : {}),
  };
}

/** Whether somebody else does this controller's work (KEP-4368). */
function isManagedElsewhere({ spec }: Job): boolean {
  return (spec.managedBy ?? "kubernetes.io/job-controller") !== "kubernetes.io/job-controller";
}
