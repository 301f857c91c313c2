// Columns of pods and of what makes pods (kubernetes pkg/printers/internalversion).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import { formatAge, formatSpan } from "./age.ts";
import {
  ageColumn,
  type ColumnTable,
  column,
  containersColumn,
  formatLabels,
  imagesColumn,
  nameColumn,
  selectorColumn,
  wide,
} from "./column.ts";

const count = (name: string, ...path: readonly string[]) =>
  column(name, (object) => numberAt(object, ...path) ?? 0, "integer");

const ready = column("Ready", (object) => {
  const wanted = numberAt(object, "spec", "replicas") ?? 0;
  return `${numberAt(object, "status", "readyReplicas") ?? 0}/${wanted}`;
});

const replicaColumns = [
  nameColumn,
  count("Desired", "spec", "replicas"),
  count("Current", "status", "replicas"),
  count("Ready", "status", "readyReplicas"),
  ageColumn,
  containersColumn,
  imagesColumn,
];

export const workloadColumns: ColumnTable = {
  "/pods": [
    nameColumn,
    column("Ready", readyContainers),
    column("Status", podStatus),
    column("Restarts", restarts),
    ageColumn,
    wide("IP", (pod) => textAt(pod, "status", "podIP") ?? "<none>"),
    wide("Node", (pod) => textAt(pod, "spec", "nodeName") ?? "<none>"),
    wide("Nominated Node", (pod) => textAt(pod, "status", "nominatedNodeName") ?? "<none>"),
    wide("Readiness Gates", readinessGates),
  ],
  "/podtemplates": [
    nameColumn,
    column("Containers", (object) => templateTexts(object, "name")),
    column("Images", (object) => templateTexts(object, "image")),
    column("Pod Labels", (object) => formatLabels(objectAt(object, "template", "metadata").labels)),
  ],
  "/replicationcontrollers": [
    ...replicaColumns,
    wide("Selector", (object) => formatLabels(objectAt(object, "spec").selector)),
  ],
  "apps/replicasets": [...replicaColumns, selectorColumn],
  "apps/deployments": [
    nameColumn,
    ready,
    column("Up-to-date", (object) => numberAt(object, "status", "updatedReplicas") ?? 0),
    column("Available", (object) => numberAt(object, "status", "availableReplicas") ?? 0),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
  "apps/statefulsets": [nameColumn, ready, ageColumn, containersColumn, imagesColumn],
  "apps/daemonsets": [
    nameColumn,
    count("Desired", "status", "desiredNumberScheduled"),
    count("Current", "status", "currentNumberScheduled"),
    count("Ready", "status", "numberReady"),
    count("Up-to-date", "status", "updatedNumberScheduled"),
    count("Available", "status", "numberAvailable"),
    column("Node Selector", (object) =>
      formatLabels(objectAt(object, "spec", "template", "spec").nodeSelector),
    ),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
  "apps/controllerrevisions": [
    nameColumn,
    column("Controller", controllerName),
    column("Revision", (object) => numberAt(object, "revision") ?? 0),
    ageColumn,
  ],
  "batch/jobs": [
    nameColumn,
    column("Status", jobStatus),
    column("Completions", jobCompletions),
    column("Duration", jobDuration),
    ageColumn,
    containersColumn,
    imagesColumn,
    selectorColumn,
  ],
  "batch/cronjobs": [
    nameColumn,
    column("Schedule", (object) => textAt(object, "spec", "schedule") ?? ""),
    column("Timezone", (object) => textAt(object, "spec", "timeZone") ?? "<none>"),
    column(
      "Suspend",
      (object) => (valueAt(object, "spec", "suspend") === true ? "True" : "False"),
      "boolean",
    ),
    column("Active", (object) => objectsAt(object, "status", "active").length, "integer"),
    column("Last Schedule", (object, now) => {
      const last = textAt(object, "status", "lastScheduleTime");
      return last ? formatAge(last, now) : "<none>";
    }),
    ageColumn,
    containersColumn,
    imagesColumn,
    wide("Selector", (object) => {
      const selector = objectAt(object, "spec", "jobTemplate", "spec", "selector");
      return Object.keys(selector).length === 0 ? "<none>" : formatLabels(selector.matchLabels);
    }),
  ],
  "autoscaling/scales": [
    nameColumn,
    count("Desired", "spec", "replicas"),
    count("Available", "status", "replicas"),
    ageColumn,
  ],
  "autoscaling/horizontalpodautoscalers": [
    nameColumn,
    column("Reference", (object) => {
      const { kind, name } = objectAt(object, "spec", "scaleTargetRef");
      return `${kind}/${name}`;
    }),
    column("Targets", scalingTargets),
    column("MinPods", (object) => String(numberAt(object, "spec", "minReplicas") ?? "<unset>")),
    column("MaxPods", (object) => numberAt(object, "spec", "maxReplicas") ?? 0),
    column("Replicas", (object) => numberAt(object, "status", "currentReplicas") ?? 0),
    ageColumn,
  ],
  "policy/poddisruptionbudgets": [
    nameColumn,
    column("Min Available", (object) => String(valueAt(object, "spec", "minAvailable") ?? "N/A")),
    column("Max Unavailable", (object) => String(valueAt(object, "spec", "maxUnavailable") ?? "N/A")),
    count("Allowed Disruptions", "status", "disruptionsAllowed"),
    ageColumn,
  ],
};

function templateTexts(object: KubernetesObject, field: string): string {
  return objectsAt(object, "template", "spec", "containers")
    .map((container) => textAt(container, field) ?? "")
    .join(",");
}

/** Init containers that keep running beside the others count with them. */
function sidecars(pod: KubernetesObject): ReadonlySet<string> {
  const names = objectsAt(pod, "spec", "initContainers")
    .filter((container) => container.restartPolicy === "Always")
    .map((container) => String(container.name));
  return new Set(names);
}

function readyContainers(pod: KubernetesObject): string {
  const restartable = sidecars(pod);
  const total = objectsAt(pod, "spec", "containers").length + restartable.size;
  const statuses = [
    ...objectsAt(pod, "status", "containerStatuses"),
    ...objectsAt(pod, "status", "initContainerStatuses").filter(({ name }) => restartable.has(String(name))),
  ];
  return `${statuses.filter((status) => status.ready === true).length}/${total}`;
}

function restarts(pod: KubernetesObject): string {
  const restartable = sidecars(pod);
  const statuses = [
    ...objectsAt(pod, "status", "containerStatuses"),
    ...objectsAt(pod, "status", "initContainerStatuses").filter(({ name }) => restartable.has(String(name))),
  ];
  return String(statuses.reduce((sum, status) => sum + (numberAt(status, "restartCount") ?? 0), 0));
}

function podStatus(pod: KubernetesObject): string {
  if (pod.metadata.deletionTimestamp) {
    return textAt(pod, "status", "reason") === "NodeLost" ? "Unknown" : "Terminating";
  }
  return initStatus(pod) ?? containerStatus(pod);
}

/** What holds an init container up; undefined once all of them are through. */
function initStatus(pod: KubernetesObject): string | undefined {
  const restartable = sidecars(pod);
  const statuses = objectsAt(pod, "status", "initContainerStatuses");
  const total = objectsAt(pod, "spec", "initContainers").length;
  for (const [index, status] of statuses.entries()) {
    const ended = objectAt(status, "state", "terminated");
    if (ended.exitCode === 0) continue;
    if (restartable.has(String(status.name)) && status.started === true) continue;
    if (ended.exitCode !== undefined) return `Init:${ended.reason || `ExitCode:${ended.exitCode}`}`;
    const waiting = textAt(status, "state", "waiting", "reason");
    if (waiting && waiting !== "PodInitializing") return `Init:${waiting}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

function containerStatus(pod: KubernetesObject): string {
  let reason = textAt(pod, "status", "reason") ?? textAt(pod, "status", "phase") ?? "";
  let running = false;
  for (const status of objectsAt(pod, "status", "containerStatuses").reverse()) {
    const ended = objectAt(status, "state", "terminated");
    const waiting = textAt(status, "state", "waiting", "reason");
    if (waiting) reason = waiting;
    else if (ended.reason) reason = String(ended.reason);
    else if (ended.exitCode !== undefined) reason = `ExitCode:${ended.exitCode}`;
    else if (status.ready === true && valueAt(status, "state", "running")) running = true;
  }
  if (reason !== "Completed" || !running) return reason;
  const isReady = objectsAt(pod, "status", "conditions").some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  return isReady ? "Running" : "NotReady";
}

function readinessGates(pod: KubernetesObject): string {
  const gates = objectsAt(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const conditions = objectsAt(pod, "status", "conditions");
  const met = gates.filter(({ conditionType }) =>
    conditions.some(({ type, status }) => type === conditionType && status === "True"),
  );
  return `${met.length}/${gates.length}`;
}

function controllerName(object: KubernetesObject): string {
  const owner = (object.metadata.ownerReferences ?? []).find(({ controller }) => controller);
  if (!owner) return "<none>";
  const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

function jobStatus(job: KubernetesObject): string {
  const conditions = objectsAt(job, "status", "conditions");
  const holds = (type: string) => conditions.some((one) => one.type === type && one.status === "True");
  if (holds("Complete")) return "Complete";
  if (holds("Failed")) return "Failed";
  if (job.metadata.deletionTimestamp) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  if (holds("FailureTarget")) return "FailureTarget";
  return holds("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function jobCompletions(job: KubernetesObject): string {
  const succeeded = numberAt(job, "status", "succeeded") ?? 0;
  const completions = numberAt(job, "spec", "completions");
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = numberAt(job, "spec", "parallelism") ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubernetesObject, now: number): string {
  const start = textAt(job, "status", "startTime");
  if (!start) return "";
  const end = textAt(job, "status", "completionTime");
  return formatSpan((end ? Date.parse(end) : now) - Date.parse(start));
}

function scalingTargets(object: KubernetesObject): string {
  const metrics = objectsAt(object, "spec", "metrics");
  const current = objectsAt(object, "status", "currentMetrics");
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => scalingTarget(metric, current[index]));
  return texts.length > 2
    ? `${texts.slice(0, 2).join(", ")} + ${texts.length - 2} more...`
    : texts.join(", ");
}

function scalingTarget(metric: JsonObject, current: JsonObject | undefined): string {
  if (metric.type !== "Resource" && metric.type !== "ContainerResource") return "<unknown>";
  const field = metric.type === "Resource" ? "resource" : "containerResource";
  const { name } = objectAt(metric, field);
  const target = objectAt(metric, field, "target");
  const reached = objectAt(current ?? {}, field, "current");
  if (target.averageValue !== undefined) {
    return `${name}: ${reached.averageValue ?? "<unknown>"}/${target.averageValue}`;
  }
  const now = reached.averageUtilization === undefined ? "<unknown>" : `${reached.averageUtilization}%`;
  return `${name}: ${now}/${target.averageUtilization ?? "<auto>"}%`;
}
