// Services and what they are made of (kubernetes pkg/apis/core/v1, discovery/v1, networking/v1).
import { type DefaultHook, fill, fillMap, items, mapAt } from "./hook.ts";

const service: DefaultHook = (service) => {
  const spec = fillMap(service, "spec");
  fill(spec, "sessionAffinity", "None");
  if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === "ClientIP") {
    fill(fillMap(fillMap(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", 10800);
  }
  fill(spec, "type", "ClusterIP");
  for (const port of items(spec, "ports")) {
    fill(port, "protocol", "TCP");
    if (!port.targetPort && port.port !== undefined) port.targetPort = port.port;
  }
  const external = spec.type === "LoadBalancer" || spec.type === "NodePort";
  const hasAddresses =
    spec.type === "ClusterIP" && Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0;
  if (external || hasAddresses) fill(spec, "externalTrafficPolicy", "Cluster");
  if (external || spec.type === "ClusterIP") fill(spec, "internalTrafficPolicy", "Cluster");
  if (spec.type !== "LoadBalancer") return;
  fill(spec, "allocateLoadBalancerNodePorts", true);
  const balancer = mapAt(mapAt(service, "status"), "loadBalancer");
  for (const ingress of balancer ? items(balancer, "ingress") : []) {
    if (ingress.ip) fill(ingress, "ipMode", "VIP");
  }
};

const endpoints: DefaultHook = (endpoints) => {
  for (const subset of items(endpoints, "subsets")) {
    for (const port of items(subset, "ports")) fill(port, "protocol", "TCP");
  }
};

const networkPolicy: DefaultHook = (policy) => {
  const spec = fillMap(policy, "spec");
  if (Array.isArray(spec.policyTypes) && spec.policyTypes.length > 0) return;
  const egress = Array.isArray(spec.egress) && spec.egress.length > 0;
  spec.policyTypes = egress ? ["Ingress", "Egress"] : ["Ingress"];
};

/** Defaults by type name. */
export const serviceDefaults: Readonly<Record<string, DefaultHook>> = {
  "core.v1.Service": service,
  "core.v1.Endpoints": endpoints,
  "discovery.v1.EndpointPort": (port) => {
    port.name ??= "";
    fill(port, "protocol", "TCP");
  },
  "networking.v1.NetworkPolicy": networkPolicy,
  "networking.v1.NetworkPolicyPort": (port) => fill(port, "protocol", "TCP"),
  "networking.v1.IngressClass": (ingressClass) => {
    const parameters = mapAt(mapAt(ingressClass, "spec"), "parameters");
    if (parameters) fill(parameters, "scope", "Cluster");
  },
};
