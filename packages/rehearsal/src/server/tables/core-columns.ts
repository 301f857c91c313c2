// Columns of the core group's other kinds.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import { formatAge } from "./age.ts";
import { ageColumn, type ColumnTable, column, createdAtColumn, nameColumn, wide } from "./column.ts";

export const coreColumns: ColumnTable = {
  "/componentstatuses": [
    nameColumn,
    column("Status", (object) => {
      const [condition] = objectsAt(object, "conditions");
      return condition?.status === "True" ? "Healthy" : "Unhealthy";
    }),
    column("Message", (object) => objectsAt(object, "conditions")[0]?.message ?? ""),
    column("Error", (object) => objectsAt(object, "conditions")[0]?.error ?? ""),
  ],
  "/configmaps": [
    nameColumn,
    column("Data", (object) => countKeys(object, "data") + countKeys(object, "binaryData")),
    ageColumn,
  ],
  "/secrets": [
    nameColumn,
    column("Type", (object) => textAt(object, "type") ?? ""),
    column("Data", (object) => countKeys(object, "data")),
    ageColumn,
  ],
  "/events": [
    column("Last Seen", (event, now) => formatAge(lastSeen(event), now)),
    column("Type", (event) => textAt(event, "type") ?? ""),
    column("Reason", (event) => textAt(event, "reason") ?? ""),
    column("Object", (event) => {
      const { kind, name } = regarding(event);
      return kind ? `${String(kind).toLowerCase()}/${name}` : (name ?? "");
    }),
    wide("Subobject", (event) => regarding(event).fieldPath ?? ""),
    wide("Source", eventSource),
    column("Message", (event) => (textAt(event, "message") ?? textAt(event, "note") ?? "").trim()),
    wide("First Seen", (event, now) => formatAge(firstSeen(event), now)),
    wide("Count", eventCount),
    { ...wide("Name", (event) => event.metadata.name), format: "name" },
  ],
  "/limitranges": [nameColumn, createdAtColumn],
  "/namespaces": [
    nameColumn,
    column("Status", (object) => textAt(object, "status", "phase") ?? ""),
    ageColumn,
  ],
  "/nodes": [
    nameColumn,
    column("Status", nodeStatus),
    column("Roles", nodeRoles),
    ageColumn,
    column("Version", (node) => textAt(node, "status", "nodeInfo", "kubeletVersion") ?? ""),
    wide("Internal-IP", (node) => nodeAddress(node, "InternalIP")),
    wide("External-IP", (node) => nodeAddress(node, "ExternalIP")),
    wide("OS-Image", (node) => nodeInfo(node, "osImage")),
    wide("Kernel-Version", (node) => {
      const architecture = textAt(node, "status", "nodeInfo", "architecture");
      return `${nodeInfo(node, "kernelVersion")}${architecture ? ` (${architecture})` : ""}`;
    }),
    wide("Container-Runtime", (node) => nodeInfo(node, "containerRuntimeVersion")),
  ],
  "/resourcequotas": [
    nameColumn,
    column("Request", (object) => quotaTexts(object, false)),
    column("Limit", (object) => quotaTexts(object, true)),
    ageColumn,
  ],
  "/serviceaccounts": [nameColumn, ageColumn],
};

function nodeInfo(node: KubernetesObject, field: string): string {
  return textAt(node, "status", "nodeInfo", field) ?? "<unknown>";
}

function countKeys(object: KubernetesObject, field: string): number {
  return Object.keys(objectAt(object, field)).length;
}

function regarding(event: KubernetesObject): JsonObject {
  const object = objectAt(event, "involvedObject");
  return Object.keys(object).length > 0 ? object : objectAt(event, "regarding");
}

function firstSeen(event: KubernetesObject): string | undefined {
  return (
    textAt(event, "firstTimestamp") ?? textAt(event, "deprecatedFirstTimestamp") ?? textAt(event, "eventTime")
  );
}

function lastSeen(event: KubernetesObject): string | undefined {
  return (
    textAt(event, "series", "lastObservedTime") ??
    textAt(event, "lastTimestamp") ??
    textAt(event, "deprecatedLastTimestamp") ??
    firstSeen(event)
  );
}

function eventCount(event: KubernetesObject): number {
  const count =
    numberAt(event, "series", "count") ?? numberAt(event, "count") ?? numberAt(event, "deprecatedCount");
  return count || 1;
}

function eventSource(event: KubernetesObject): string {
  const component =
    textAt(event, "source", "component") ??
    textAt(event, "deprecatedSource", "component") ??
    textAt(event, "reportingComponent") ??
    textAt(event, "reportingController") ??
    "";
  const host =
    textAt(event, "source", "host") ??
    textAt(event, "deprecatedSource", "host") ??
    textAt(event, "reportingInstance");
  return host ? `${component}, ${host}` : component;
}

function nodeStatus(node: KubernetesObject): string {
  const ready = objectsAt(node, "status", "conditions").find(({ type }) => type === "Ready");
  const text = ready ? (ready.status === "True" ? "Ready" : "NotReady") : "Unknown";
  return objectAt(node, "spec").unschedulable === true ? `${text},SchedulingDisabled` : text;
}

function nodeRoles(node: KubernetesObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [key.slice(prefix.length)] : key === "kubernetes.io/role" ? [value] : [],
  );
  return roles.length === 0 ? "<none>" : roles.sort().join(",");
}

function nodeAddress(node: KubernetesObject, type: string): string {
  const found = objectsAt(node, "status", "addresses").find((address) => address.type === type);
  return textAt(found, "address") ?? "<none>";
}

/** `cpu: 1/2` for each resource; limits apart from everything else. */
function quotaTexts(quota: KubernetesObject, limits: boolean): string {
  const hard = objectAt(quota, "status", "hard");
  const used = objectAt(quota, "status", "used");
  return Object.keys(hard)
    .filter((name) => name.startsWith("limits") === limits)
    .sort()
    .map((name) => `${name}: ${used[name] ?? 0}/${hard[name]}`)
    .join(", ");
}
