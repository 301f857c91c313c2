// What of a ResourceQuota is used (pkg/controller/resourcequota); keeping to it is admission's business.
import { builtinResources, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { hasScopes, isInScopes } from "../../admission/quota-scopes.ts";
import { sumRequests } from "../../kubelet/fit.ts";
import { formatQuantity, quantityOf } from "../../kubelet/quantity.ts";
import type { PersistentVolumeClaim } from "../kinds/cluster.ts";
import type { Pod, Quantities } from "../kinds/pod.ts";
import { isPodFinished } from "../pods.ts";
import {
  CONFIG_MAPS,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  RESOURCE_QUOTAS,
  SECRETS,
  SERVICES,
} from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";
import { canonicalJson } from "../template-hash.ts";

interface QuotaSpec extends JsonObject {
  hard?: Quantities;
}

interface ResourceQuota extends KubernetesObject {
  spec?: QuotaSpec;
  status?: JsonObject;
}

/** Starts the controller of quotas' status. Left out: the count of custom resources. */
export function startResourceQuotaController(environment: Environment): void {
  const { caches } = environment;
  const quotas = caches.follow<ResourceQuota>(RESOURCE_QUOTAS);
  const pods = caches.follow<Pod>(PODS);
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);

  const controller = runController(environment, {
    name: "resourcequota-controller",
    async reconcile(key, { write }) {
      const { name, namespace = "" } = splitKey(key);
      const quota = quotas.get(name, namespace);
      if (!quota || quota.metadata.deletionTimestamp) return;
      const hard = quota.spec?.hard ?? {};
      const used: Quantities = {};
      for (const resource of Object.keys(hard)) {
        const amount = usedIn(quota, namespace, resource);
        if (amount !== undefined) used[resource] = formatQuantity(resource, amount);
      }
      const status = { hard, used };
      if (canonicalJson(status) === canonicalJson(quota.status ?? {})) return;
      await write.updateStatus(RESOURCE_QUOTAS, { ...quota, status });
    },
  });
  controller.watch(quotas, (quota) => [keyOf(quota)]);
  const inNamespace = ({ metadata }: KubernetesObject) => quotas.list(metadata.namespace).map(keyOf);
  for (const type of [PODS, PERSISTENT_VOLUME_CLAIMS, SERVICES, SECRETS, CONFIG_MAPS]) {
    controller.watch(caches.follow(type), inNamespace);
  }

  /** How much of a quota's resource the namespace takes; `undefined` for what is not counted here. */
  function usedIn(quota: ResourceQuota, namespace: string, resource: string): number | undefined {
    const scoped = hasScopes(quota);
    const running = pods
      .list(namespace)
      .filter((pod) => !isPodFinished(pod) && (!scoped || isInScopes(quota, pod)));
    if (resource === "pods" || resource === "count/pods") return running.length;
    if (resource === "requests.storage") {
      const sizes = claims.list(namespace).map(({ spec }) => quantityOf(spec.resources?.requests?.storage));
      return sizes.reduce((sum, size) => sum + size, 0);
    }
    const compute = /^(requests|limits)\.(.+)$/.exec(resource);
    const [, which = "requests", what = resource] = compute ?? [];
    if (compute || resource === "cpu" || resource === "memory") {
      const field = which === "limits" ? "limits" : "requests";
      return running.reduce((sum, pod) => sum + (sumRequests(pod, field).get(what) ?? 0), 0);
    }
    if (resource === "services.loadbalancers") {
      return caches
        .follow(SERVICES)
        .list(namespace)
        .filter(({ spec }) => typeOf(spec) === "LoadBalancer").length;
    }
    if (resource === "services.nodeports") {
      const services = caches.follow(SERVICES).list(namespace);
      return services.reduce((sum, { spec }) => sum + nodePortsOf(spec), 0);
    }
    const type = builtinResources.find(
      ({ group, resource: plural, namespaced }) =>
        namespaced &&
        (resource === `count/${group ? `${plural}.${group}` : plural}` || (!group && resource === plural)),
    );
    if (!type) return undefined;
    return caches.follows(type) ? caches.follow(type).list(namespace).length : undefined;
  }
}

function typeOf(spec: Json | undefined): string {
  return isJsonObject(spec) ? String(spec.type) : "";
}

function nodePortsOf(spec: Json | undefined): number {
  if (!isJsonObject(spec) || !Array.isArray(spec.ports)) return 0;
  if (spec.type === "NodePort") return spec.ports.length;
  return spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false ? spec.ports.length : 0;
}
