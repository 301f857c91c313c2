import { equalJson, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { fillEmptyMap, fillMap } from "../defaults/hook.ts";

/**
 * Whether a Job's labels are the very map of its pods' labels, as the default for a Job without labels makes them.
 * What is added to the latter is then the former's as well, in the real server and here.
 */
export function sharesPodLabels(job: KubernetesObject): boolean {
  const { labels } = job.metadata;
  return job.kind === "Job" && labels !== undefined && labels === podLabels(job);
}

/** Makes them one map again in a copy of such a Job. */
export function sharePodLabels(job: KubernetesObject): void {
  const labels = podLabels(job);
  if (labels && equalJson(labels, job.metadata.labels))
    job.metadata.labels = labels as Record<string, string>;
}

function podLabels({ spec }: KubernetesObject): JsonObject | undefined {
  if (!isJsonObject(spec) || !isJsonObject(spec.template)) return undefined;
  const { metadata } = spec.template;
  return isJsonObject(metadata) && isJsonObject(metadata.labels) ? metadata.labels : undefined;
}

/** Gives a Job the selector and pod labels that tell its pods apart, unless it brings its own. Needs the uid. */
export function selectJobPods(job: KubernetesObject): void {
  const { spec } = job;
  if (!isJsonObject(spec) || spec.manualSelector === true) return;
  const { uid = "", name } = job.metadata;
  const labels = fillMap(fillMap(fillMap(spec, "template"), "metadata"), "labels");
  labels["controller-uid"] ??= uid;
  labels["job-name"] ??= name;
  labels["batch.kubernetes.io/controller-uid"] ??= uid;
  labels["batch.kubernetes.io/job-name"] ??= name;
  const selector = fillMap(fillMap(spec, "selector"), "matchLabels");
  selector["batch.kubernetes.io/controller-uid"] ??= uid;
  // Defaults are set once more when a job is read, so that these labels are the job's if it has none.
  fillEmptyMap(job.metadata as JsonObject, "labels", labels);
}
