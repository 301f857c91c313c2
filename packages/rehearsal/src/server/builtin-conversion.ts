// The built-in kinds that are served in two shapes: Events, and HorizontalPodAutoscalers in v1 and v2.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../admission/read-json.ts";
import { decodeBuiltin } from "../builtin/decode.ts";
import { asStored } from "../builtin/empty-values.ts";

/** A built-in object in another version of its kind; both versions say the same. */
export function convertBuiltin(object: KubernetesObject, apiVersion: string): KubernetesObject {
  if (object.kind === "Event") {
    const names = apiVersion === "v1" ? invert(eventNames) : eventNames;
    const renamed = { ...rename(object, names), apiVersion, kind: "Event", metadata: object.metadata };
    // The versions do not agree on which empty fields are written.
    return asStored(decodeBuiltin(renamed).object);
  }
  if (object.kind === "HorizontalPodAutoscaler") {
    return apiVersion === "autoscaling/v1" ? toScalerV1(object) : toScalerV2(object);
  }
  return { ...object, apiVersion };
}

/** Fields of a core Event, and what `events.k8s.io/v1` calls them (pkg/apis/core/v1 conversion). */
const eventNames: Readonly<Record<string, string>> = {
  involvedObject: "regarding",
  message: "note",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
  reportingComponent: "reportingController",
};

function invert(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([from, to]) => [to, from]));
}

function rename(object: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, value]));
}

/** Where v1 keeps the metrics for which it has no field. */
const metricsAnnotation = "autoscaling.alpha.kubernetes.io/metrics";

function toScalerV1(object: KubernetesObject): KubernetesObject {
  const { metrics: _, behavior: __, ...spec } = objectAt(object, "spec");
  const metrics = objectsAt(object, "spec", "metrics");
  const cpu = metrics.find(isCpuUtilization);
  const others = metrics.filter((metric) => metric !== cpu);
  const target = objectAt(cpu ?? {}, "resource", "target").averageUtilization;
  const current = objectsAt(object, "status", "currentMetrics").find(isCpuUtilization);
  const { currentMetrics: ___, conditions: ____, ...status } = objectAt(object, "status");
  const reached = objectAt(current ?? {}, "resource", "current").averageUtilization;
  const { annotations } = object.metadata;
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    metadata: {
      ...object.metadata,
      ...(others.length > 0
        ? { annotations: { ...annotations, [metricsAnnotation]: JSON.stringify(others) } }
        : {}),
    },
    spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { ...status, ...(reached === undefined ? {} : { currentCPUUtilizationPercentage: reached }) },
  };
}

function toScalerV2(object: KubernetesObject): KubernetesObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = objectAt(object, "spec");
  const { currentCPUUtilizationPercentage: reached, ...status } = objectAt(object, "status");
  const { [metricsAnnotation]: others, ...annotations } = object.metadata.annotations ?? {};
  const parsed: Json = others ? JSON.parse(others) : [];
  const metrics: Json[] = [
    ...(target === undefined
      ? []
      : [cpuMetric("target", { type: "Utilization", averageUtilization: target })]),
    ...(Array.isArray(parsed) ? parsed : []),
  ];
  return {
    ...object,
    apiVersion: "autoscaling/v2",
    metadata: { ...object.metadata, ...(others ? { annotations } : {}) },
    spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}) },
    status: {
      ...status,
      ...(reached === undefined
        ? { currentMetrics: null }
        : { currentMetrics: [cpuMetric("current", { averageUtilization: reached })] }),
    },
  };
}

function cpuMetric(field: "target" | "current", value: JsonObject): JsonObject {
  return { type: "Resource", resource: { name: "cpu", [field]: value } };
}

function isCpuUtilization(metric: Json): boolean {
  if (!isJsonObject(metric) || metric.type !== "Resource") return false;
  const { name } = objectAt(metric, "resource");
  const value = { ...objectAt(metric, "resource", "target"), ...objectAt(metric, "resource", "current") };
  return name === "cpu" && value.averageUtilization !== undefined;
}
