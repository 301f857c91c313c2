// What a Service's type makes it need (kubernetes pkg/api/service and pkg/registry/core/service/strategy.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";

/** Everything but a name for something outside of the cluster, even where it is to have none. */
export function needsClusterIp(spec: JsonObject): boolean {
  return spec.type !== "ExternalName";
}

/** Whether the server gives node ports by itself. */
export function needsNodePort({ type, allocateLoadBalancerNodePorts }: JsonObject): boolean {
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

/** Whether node ports mean anything. */
export function hasNodePorts({ type }: JsonObject): boolean {
  return type === "NodePort" || type === "LoadBalancer";
}

/** A balancer that sends to nodes with pods of the Service asks each node whether it has one. */
export function needsHealthCheck({ type, externalTrafficPolicy }: JsonObject): boolean {
  return type === "LoadBalancer" && externalTrafficPolicy === "Local";
}

export function isExternallyAccessible(spec: JsonObject): boolean {
  if (hasNodePorts(spec)) return true;
  return spec.type === "ClusterIP" && textsAt(spec, "externalIPs").length > 0;
}

export function isHeadless(spec: JsonObject): boolean {
  const addresses = textsAt(spec, "clusterIPs");
  return addresses.length === 1 && addresses[0] === "None";
}

export function sameTexts(a: JsonObject, b: JsonObject, field: string): boolean {
  return JSON.stringify(textsAt(a, field)) === JSON.stringify(textsAt(b, field));
}

/** The node ports that are set. */
export function nodePortsOf(spec: JsonObject): number[] {
  return objectsAt(spec, "ports").flatMap((port) => numberAt(port, "nodePort") || []);
}

/**
 * Takes from an updated Service what its new type has no use for, where the writer left that as it was (the strategy's
 * dropTypeDependentFields). Changes `service`.
 */
export function dropUnneeded(service: KubernetesObject, old: KubernetesObject): void {
  const [spec, before] = [objectAt(service, "spec"), objectAt(old, "spec")];
  if (needsClusterIp(before) && !needsClusterIp(spec)) {
    if (sameTexts(spec, before, "clusterIPs")) drop(spec, "clusterIP", "clusterIPs");
    if (sameTexts(spec, before, "ipFamilies")) drop(spec, "ipFamilies");
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) drop(spec, "ipFamilyPolicy");
  }
  const known = nodePortsOf(before);
  const addsPorts = nodePortsOf(spec).some((port) => !known.includes(port));
  if (hasNodePorts(before) && !hasNodePorts(spec) && !addsPorts) {
    for (const port of objectsAt(spec, "ports")) drop(port, "nodePort");
  }
  dropSame(spec, before, "healthCheckNodePort", needsHealthCheck);
  dropSame(spec, before, "allocateLoadBalancerNodePorts", isBalanced);
  dropSame(spec, before, "loadBalancerClass", isBalanced);
  dropSame(spec, before, "externalTrafficPolicy", isExternallyAccessible);
  if (!isBalanced(spec)) service.status = { ...objectAt(service, "status"), loadBalancer: {} };
}

function isBalanced(spec: JsonObject): boolean {
  return textAt(spec, "type") === "LoadBalancer";
}

function dropSame(
  spec: JsonObject,
  before: JsonObject,
  field: string,
  needs: (spec: JsonObject) => boolean,
): void {
  if (needs(before) && !needs(spec) && spec[field] === before[field]) drop(spec, field);
}

function drop(object: JsonObject, ...fields: readonly string[]): void {
  for (const field of fields) delete object[field];
}
