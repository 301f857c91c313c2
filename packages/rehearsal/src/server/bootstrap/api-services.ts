// The APIServices of the groups that the server itself serves, and what those of definitions look like.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { condition } from "../conditions.ts";
import type { Registry } from "../registry.ts";

/** Says who looks after an APIService: `onstart` for the server's own, `true` for those of definitions. */
export const automanagedLabel = "kube-aggregator.kubernetes.io/automanaged";

/**
 * Group and version priorities, which order discovery (kubernetes pkg/controlplane/apiserver/aggregator.go and
 * cmd/kube-apiserver/app/aggregator.go). A version that is served and not listed gets no APIService.
 */
const priorities: Readonly<Record<string, readonly [group: number, version: number]>> = {
  v1: [18000, 1],
  "apps/v1": [17800, 15],
  "events.k8s.io/v1": [17750, 15],
  "authentication.k8s.io/v1": [17700, 15],
  "authorization.k8s.io/v1": [17600, 15],
  "autoscaling/v1": [17500, 15],
  "autoscaling/v2": [17500, 30],
  "batch/v1": [17400, 15],
  "certificates.k8s.io/v1": [17300, 15],
  "networking.k8s.io/v1": [17200, 15],
  "policy/v1": [17100, 15],
  "rbac.authorization.k8s.io/v1": [17000, 15],
  "storage.k8s.io/v1": [16800, 15],
  "admissionregistration.k8s.io/v1": [16700, 15],
  "apiextensions.k8s.io/v1": [16700, 15],
  "scheduling.k8s.io/v1": [16600, 15],
  "coordination.k8s.io/v1": [16500, 15],
  "node.k8s.io/v1": [16300, 15],
  "discovery.k8s.io/v1": [16200, 15],
  "resource.k8s.io/v1": [16200, 21],
  "flowcontrol.apiserver.k8s.io/v1": [16100, 21],
};

/** One for each version of a built-in group that is served, available since `now` (RFC 3339). */
export function ownApiServices(registry: Registry, now: string): KubernetesObject[] {
  const served = new Set(registry.all().map(({ group, version }) => `${group}/${version}`));
  return [...served].flatMap((groupVersion) => {
    const [group = "", version = ""] = groupVersion.split("/");
    const priority = priorities[group === "" ? version : groupVersion];
    if (!priority) return [];
    return [
      { ...apiService(group, version, priority, "onstart"), status: { conditions: [availableLocally(now)] } },
    ];
  });
}

/** What is said of every APIService that names no Service (kube-aggregator pkg/controllers/status/local). */
export function availableLocally(now: string): JsonObject {
  return condition("Available", "True", "Local", "Local APIServices are always available", now);
}

/** The one for a version that definitions serve (pkg/controlplane/controller/crdregistration). */
export function apiServiceOfDefinitions(group: string, version: string): KubernetesObject {
  return apiService(group, version, [1000, 100], "true");
}

function apiService(
  group: string,
  version: string,
  [groupPriorityMinimum, versionPriority]: readonly [number, number],
  managed: "onstart" | "true",
): KubernetesObject {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: `${version}.${group}`, labels: { [automanagedLabel]: managed } },
    spec: { ...(group === "" ? {} : { group }), version, groupPriorityMinimum, versionPriority },
  };
}
