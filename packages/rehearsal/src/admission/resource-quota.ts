// ResourceQuota: a namespace gets no more than its quotas allow.
import { builtin, type KubernetesObject, parseQuantity } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { podResources } from "../builtin/pod-resources.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { hasScopes, isInScopes } from "./quota-scopes.ts";
import { objectAt, objectsAt, textAt, valueAt } from "./read-json.ts";
import { isPodCreation, refuse } from "./refuse.ts";

const quotas = builtin("", "ResourceQuota");
const pods = builtin("", "Pod");

/** How much of each resource something takes. */
type Usage = Map<string, number>;

/**
 * The API server's plugin of this name for new pods, claims and counted objects. Usage is added up from what the
 * namespace holds, not read from the quota's status; growth by updates is left out.
 */
export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  async validate(attributes, reader) {
    const { object, operation, subresource, namespace } = attributes;
    if (operation !== "CREATE" || subresource || !object || !namespace) return;
    for (const quota of reader.list(quotas, namespace)) {
      const scoped = hasScopes(quota);
      if (scoped && !(isPodCreation(attributes) && isInScopes(quota, object))) continue;
      // A quota that no controller has looked at yet limits nothing.
      const hard = objectAt(quota, "status", "hard");
      if (isPodCreation(attributes)) requireSizes(attributes, quota, hard);
      const asked = usageOf(attributes, object);
      const exceeded = Object.keys(hard)
        .filter((name) => (asked.get(name) ?? 0) > 0)
        .map((name) => ({
          name,
          used: usedOf(name, attributes, reader, scoped ? quota : undefined),
          limit: size(hard[name]),
        }))
        .filter(({ name, used, limit }) => used + (asked.get(name) ?? 0) > limit)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      if (exceeded.length === 0) continue;
      const show = (amountOf: (one: (typeof exceeded)[number]) => number) =>
        exceeded.map((one) => `${one.name}=${formatQuantity(one.name, amountOf(one))}`).join(",");
      throw refuse(
        attributes,
        `exceeded quota: ${quota.metadata.name}, requested: ${show(({ name }) => asked.get(name) ?? 0)}, used: ${show(({ used }) => used)}, limited: ${show(({ limit }) => limit)}`,
      );
    }
  },
};

/** A quota of compute resources wants every container to say how much it takes, unless the pod does as a whole. */
function requireSizes(attributes: AdmissionAttributes, quota: KubernetesObject, hard: JsonObject): void {
  const { requests, limits } = objectAt(attributes.object, "spec", "resources");
  if (Object.keys({ ...objectAt(requests), ...objectAt(limits) }).length > 0) return;
  const missing = new Map<string, string[]>();
  for (const list of ["containers", "initContainers"]) {
    for (const container of objectsAt(attributes.object, "spec", list)) {
      const said = containerUsage(container);
      for (const name of Object.keys(hard).filter(isCompute)) {
        if (said.has(name)) continue;
        missing.set(name, [...(missing.get(name) ?? []), String(container.name)]);
      }
    }
  }
  if (missing.size === 0) return;
  const texts = [...missing].sort().map(([name, names]) => `${name} for: ${names.join(",")}`);
  throw refuse(attributes, `failed quota: ${quota.metadata.name}: must specify ${texts.join("; ")}`);
}

function isCompute(name: string): boolean {
  return /^((requests|limits)\.)?(cpu|memory)$/.test(name);
}

function usageOf({ type }: AdmissionAttributes, object: KubernetesObject): Usage {
  const usage: Usage = new Map([[`count/${type.resource}${type.group ? `.${type.group}` : ""}`, 1]]);
  if (type.group !== "") return usage;
  usage.set(type.resource, 1);
  if (type.resource === "pods") addUsage(usage, podUsage(object));
  if (type.resource === "persistentvolumeclaims") addUsage(usage, claimUsage(object));
  if (type.resource === "services") addUsage(usage, serviceUsage(object));
  return usage;
}

/** What the namespace takes already; of the pods, those in the scopes of `scoped` where there is one. */
function usedOf(
  name: string,
  { namespace, type }: AdmissionAttributes,
  reader: AdmissionReader,
  scoped: KubernetesObject | undefined,
): number {
  const counts = (pod: KubernetesObject) => isLive(pod) && (!scoped || isInScopes(scoped, pod));
  if (name.startsWith("count/") || name === type.resource) {
    const objects = reader.list(type, namespace);
    return (type.resource === "pods" ? objects.filter(counts) : objects).length;
  }
  const objects =
    type.resource === "pods" ? reader.list(pods, namespace).filter(counts) : reader.list(type, namespace);
  const usageFor =
    type.resource === "pods" ? podUsage : type.resource === "services" ? serviceUsage : claimUsage;
  return objects.reduce((sum, object) => sum + (usageFor(object).get(name) ?? 0), 0);
}

/** A pod that has ended takes nothing any more. */
function isLive(pod: KubernetesObject): boolean {
  const phase = textAt(pod, "status", "phase");
  return phase !== "Succeeded" && phase !== "Failed";
}

/** What a pod needs. */
function podUsage(pod: KubernetesObject): Usage {
  const spec = objectAt(pod, "spec");
  const [requests, limits] = [podResources(spec, "requests"), podResources(spec, "limits")];
  return resourceUsage(Object.fromEntries(requests), Object.fromEntries(limits));
}

function containerUsage(container: JsonObject): Usage {
  return resourceUsage(
    objectAt(container, "resources", "requests"),
    objectAt(container, "resources", "limits"),
  );
}

function resourceUsage(requests: JsonObject, limits: JsonObject): Usage {
  const usage: Usage = new Map();
  for (const [name, value] of Object.entries(requests)) {
    usage.set(`requests.${name}`, size(value));
    if (name === "cpu" || name === "memory") usage.set(name, size(value));
  }
  for (const [name, value] of Object.entries(limits)) {
    usage.set(`limits.${name}`, size(value));
  }
  return usage;
}

function claimUsage(claim: KubernetesObject): Usage {
  const storage = size(valueAt(claim, "spec", "resources", "requests", "storage"));
  const className = textAt(claim, "spec", "storageClassName");
  const usage: Usage = new Map([["requests.storage", storage]]);
  if (className) {
    usage.set(`${className}.storageclass.storage.k8s.io/requests.storage`, storage);
    usage.set(`${className}.storageclass.storage.k8s.io/persistentvolumeclaims`, 1);
  }
  return usage;
}

/** Services that need something from outside of the cluster are counted by their type too. */
function serviceUsage(service: KubernetesObject): Usage {
  const type = textAt(service, "spec", "type");
  const ports = objectsAt(service, "spec", "ports").length;
  if (type === "NodePort") return new Map([["services.nodeports", ports]]);
  if (type !== "LoadBalancer") return new Map();
  const allocates = valueAt(service, "spec", "allocateLoadBalancerNodePorts") !== false;
  return new Map([
    ["services.loadbalancers", 1],
    ["services.nodeports", allocates ? ports : 0],
  ]);
}

function addUsage(total: Usage, more: Usage): void {
  for (const [name, value] of more) total.set(name, (total.get(name) ?? 0) + value);
}

function size(value: unknown): number {
  return parseQuantity(String(value ?? 0)) ?? 0;
}

/** Cores in thousandths where they are no whole number, bytes in the largest binary unit that divides them. */
function formatQuantity(name: string, value: number): string {
  if (/memory|storage/.test(name)) {
    const units = ["Ti", "Gi", "Mi", "Ki"];
    const unit = units.find((_, index) => value > 0 && value % 2 ** (10 * (4 - index)) === 0);
    return unit ? `${value / 2 ** (10 * (4 - units.indexOf(unit)))}${unit}` : String(value);
  }
  return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
}
