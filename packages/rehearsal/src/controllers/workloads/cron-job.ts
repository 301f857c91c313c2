// The CronJob controller: Jobs at the times of a schedule (pkg/controller/cronjob).
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { TemplateMeta } from "../kinds/meta.ts";
import type { Job, JobSpec } from "../kinds/workload.ts";
import { conditionOf } from "../pods.ts";
import { CRON_JOBS, JOBS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerOf, controllerReference, keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { type ControllerTools, runController } from "../runtime/run-controller.ts";
import { formatTime, parseTime } from "../runtime/time.ts";
import { canonicalJson } from "../template-hash.ts";
import { nextRun, parseCronSchedule } from "./cron-schedule.ts";
import { isFinished } from "./job-status.ts";

interface JobTemplate extends JsonObject {
  metadata?: TemplateMeta;
  spec: JobSpec;
}

interface CronJobSpec extends JsonObject {
  schedule: string;
  concurrencyPolicy?: string;
  suspend?: boolean;
  jobTemplate: JobTemplate;
  successfulJobsHistoryLimit?: number;
  failedJobsHistoryLimit?: number;
}

interface CronJobStatus extends JsonObject {
  lastScheduleTime?: string;
  lastSuccessfulTime?: string;
}

interface CronJob extends KubernetesObject {
  spec: CronJobSpec;
  status?: CronJobStatus;
}

/** Starts the CronJob controller. Left out: time zones (everything is UTC) and runs that were missed. */
export function startCronJobController(environment: Environment): void {
  const { caches, clock } = environment;
  const cronJobs = caches.follow<CronJob>(CRON_JOBS);
  const jobs = caches.follow<Job>(JOBS);

  const controller = runController(environment, {
    name: "cronjob-controller",
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const cronJob = cronJobs.get(name, namespace);
      if (!cronJob || cronJob.metadata.deletionTimestamp) return;
      const schedule = parseCronSchedule(cronJob.spec.schedule);
      if (!schedule) {
        const message = `unparseable schedule: ${cronJob.spec.schedule}`;
        tools.record(cronJob, { type: "Warning", reason: "UnparseableSchedule", message });
        return;
      }
      const now = clock.now();
      const since = parseTime(cronJob.status?.lastScheduleTime ?? cronJob.metadata.creationTimestamp) ?? now;
      const due = nextRun(schedule, since);
      const owned = jobs.ownedBy(uidOf(cronJob));
      let last = cronJob.status?.lastScheduleTime;
      if (due !== undefined && due <= now && !cronJob.spec.suspend) {
        last = (await run(cronJob, owned, tools)) ? formatTime(due) : last;
      }
      await forgetJobs(cronJob, owned, tools);
      await writeStatus(cronJob, owned, { last, tools });
      const next = nextRun(schedule, now);
      if (next !== undefined && !cronJob.spec.suspend) tools.enqueue(key, next - now);
    },
  });
  controller.watch(cronJobs, (cronJob) => [keyOf(cronJob)]);
  controller.watch(jobs, (job) => {
    const owner = controllerOf(job);
    return owner?.kind === "CronJob" ? [`${job.metadata.namespace}/${owner.name}`] : [];
  });

  /** Starts the Job that is due; false when a running one forbids it. */
  async function run(
    cronJob: CronJob,
    owned: readonly Job[],
    { write, record }: ControllerTools,
  ): Promise<boolean> {
    const active = owned.filter((job) => !isFinished(job));
    if (active.length > 0 && cronJob.spec.concurrencyPolicy === "Forbid") return false;
    if (cronJob.spec.concurrencyPolicy === "Replace") {
      for (const job of active) await write.delete(JOBS, job, { propagationPolicy: "Background" });
    }
    const { jobTemplate } = cronJob.spec;
    const { name, namespace } = cronJob.metadata;
    const job: Job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name: `${name}-${Math.floor(clock.now() / 60_000)}`,
        ...(namespace ? { namespace } : {}),
        ...(jobTemplate.metadata?.labels ? { labels: jobTemplate.metadata.labels } : {}),
        annotations: {
          ...jobTemplate.metadata?.annotations,
          "batch.kubernetes.io/cronjob-scheduled-timestamp": formatTime(clock.now()),
        },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: jobTemplate.spec,
    };
    try {
      await write.create(JOBS, job);
      record(cronJob, {
        type: "Normal",
        reason: "SuccessfulCreate",
        message: `Created job ${job.metadata.name}`,
      });
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
    return true;
  }

  async function writeStatus(
    cronJob: CronJob,
    owned: readonly Job[],
    { last, tools }: { readonly last: string | undefined; readonly tools: ControllerTools },
  ): Promise<void> {
    const active = owned
      .filter((job) => !isFinished(job))
      .map(({ apiVersion, kind, metadata }) => ({
        apiVersion,
        kind,
        name: metadata.name,
        namespace: metadata.namespace ?? "",
        uid: metadata.uid ?? "",
        resourceVersion: metadata.resourceVersion ?? "",
      }));
    const ended = owned
      .map(({ status }) => (conditionOf(status, "Complete") ? status?.completionTime : undefined))
      .filter((time) => time !== undefined)
      .sort()
      .at(-1);
    const success = ended ?? cronJob.status?.lastSuccessfulTime;
    const status: CronJobStatus = {
      ...(active.length > 0 ? { active } : {}),
      ...(last ? { lastScheduleTime: last } : {}),
      ...(success ? { lastSuccessfulTime: success } : {}),
    };
    if (canonicalJson(status) === canonicalJson(cronJob.status ?? {})) return;
    await tools.write.updateStatus(CRON_JOBS, { ...cronJob, status });
  }
}

/** Deletes finished Jobs beyond the history limits, oldest first. */
async function forgetJobs(
  cronJob: CronJob,
  owned: readonly Job[],
  { write }: ControllerTools,
): Promise<void> {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cronJob.spec;
  const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit };
  for (const [type, limit] of Object.entries(limits)) {
    const ended = owned
      .filter((job) => conditionOf(job.status, type)?.status === "True" && !job.metadata.deletionTimestamp)
      .sort((a, b) => ((a.status?.startTime ?? "") < (b.status?.startTime ?? "") ? -1 : 1));
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
      await write.delete(JOBS, job, { propagationPolicy: "Background" });
    }
  }
}
