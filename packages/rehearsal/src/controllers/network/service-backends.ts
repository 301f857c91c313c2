// Which pods stand behind a Service, and under which ports (pkg/controller/endpointslice and endpoint).
import type { JsonObject } from "@slipway/yaml";
import type { Node, Service } from "../kinds/cluster.ts";
import type { Pod } from "../kinds/pod.ts";
import { isPodFinished, isPodReady } from "../pods.ts";
import { canonicalJson } from "../template-hash.ts";

/** A pod behind a Service. */
export interface Backend {
  readonly pod: Pod;
  readonly ip: string;
  /** Gets traffic: ready, or wanted even when not. */
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly hostname?: string;
  readonly zone?: string;
}

export interface BackendPort extends JsonObject {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

/** Pods that give the Service's ports the same numbers. */
export interface BackendGroup {
  readonly ports: readonly BackendPort[];
  readonly backends: readonly Backend[];
}

/** The pods behind a Service, in groups of equal ports, by address. `zoneOf` knows the zone of a node. */
export function groupBackends(
  service: Service,
  pods: readonly Pod[],
  zoneOf: (nodeName: string) => string | undefined = () => undefined,
): BackendGroup[] {
  const groups = new Map<string, { ports: BackendPort[]; backends: Backend[] }>();
  for (const pod of pods) {
    const ip = pod.status?.podIP;
    if (!ip || isPodFinished(pod)) continue;
    const ports = resolvePorts(service, pod);
    const key = canonicalJson(ports);
    const group = groups.get(key) ?? { ports, backends: [] };
    group.backends.push(describe(service, pod, { ip, zone: zoneOf(pod.spec.nodeName ?? "") }));
    groups.set(key, group);
  }
  for (const { backends } of groups.values()) backends.sort((a, b) => (a.ip < b.ip ? -1 : 1));
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** The zone that a node is labelled with. */
export function zoneOfNode(node: Node | undefined): string | undefined {
  return node?.metadata.labels?.["topology.kubernetes.io/zone"];
}

/** What of a pod the Services in front of it depend on. */
export function backendFacts(pod: Pod): string {
  const { labels, deletionTimestamp } = pod.metadata;
  return canonicalJson([
    labels ?? null,
    deletionTimestamp !== undefined,
    pod.status?.podIP ?? null,
    pod.spec.nodeName ?? null,
    isPodReady(pod),
    isPodFinished(pod),
  ]);
}

function describe(
  service: Service,
  pod: Pod,
  { ip, zone }: { readonly ip: string; readonly zone: string | undefined },
): Backend {
  const serving = isPodReady(pod) || service.spec.publishNotReadyAddresses === true;
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const { hostname, subdomain } = pod.spec;
  return {
    pod,
    ip,
    ready: serving && (!terminating || service.spec.publishNotReadyAddresses === true),
    serving,
    terminating,
    ...(hostname && subdomain === service.metadata.name ? { hostname } : {}),
    ...(zone ? { zone } : {}),
  };
}

/** The numbers that the Service's ports have in this pod; a name that no container has is left out. */
function resolvePorts(service: Service, pod: Pod): BackendPort[] {
  const resolved: BackendPort[] = [];
  for (const { name = "", port, protocol = "TCP", targetPort, appProtocol } of service.spec.ports ?? []) {
    const number = targetPort === undefined || targetPort === 0 ? port : findPort(pod, targetPort, protocol);
    if (number !== undefined) {
      resolved.push({ name, port: number, protocol, ...(appProtocol ? { appProtocol } : {}) });
    }
  }
  return resolved;
}

function findPort(pod: Pod, target: string | number, protocol: string): number | undefined {
  if (typeof target === "number") return target;
  for (const { ports = [] } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    for (const port of ports) {
      if (port.name === target && (port.protocol ?? "TCP") === protocol) return port.containerPort;
    }
  }
  return undefined;
}
