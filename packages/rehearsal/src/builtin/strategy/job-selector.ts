import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { fillMap } from "../defaults/hook.ts";

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
  // The real server's default shares the template's map, so that these labels are the job's as well.
  if (!job.metadata.labels) job.metadata.labels = { ...labels } as Record<string, string>;
}
