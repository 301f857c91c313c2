// Cluster IPs and node ports of Services (kubernetes pkg/registry/core/service/storage/alloc.go), IPv4 only.
import { isIP } from "node:net";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../admission/read-json.ts";
import type { ServerContext } from "./context.ts";
import { invalidValue } from "./field-error.ts";
import { invalid } from "./status-errors.ts";

const services = "/services";

/** Addresses come from 10.96.0.0/16, the lower part of which is left to those who ask for one by name. */
const RANGE_PREFIX = "10.96.";
const RANGE_SIZE = 65_536;
const RESERVED = 4352;

const NODE_PORTS = { first: 30_000, count: 2768, reserved: 86 } as const;

/**
 * Gives a Service what the server allocates: cluster IPs, node ports, the port for health checks. On an update
 * (`old` given) what the writer left out stays as it is. Changes its argument; a value that is taken, out of range
 * or may not change any more is a StatusError 422.
 */
export function allocateServiceAddresses(
  server: ServerContext,
  service: KubernetesObject,
  old: KubernetesObject | undefined,
): void {
  const spec = objectAt(service, "spec");
  service.spec = spec;
  const type = textAt(spec, "type") ?? "ClusterIP";
  if (old) {
    dropBalancing(spec, objectAt(old, "spec"));
    keepAllocated(spec, objectAt(old, "spec"));
  }
  if (type === "ExternalName") {
    for (const field of [
      "clusterIP",
      "clusterIPs",
      "ipFamilies",
      "ipFamilyPolicy",
      "internalTrafficPolicy",
      "externalTrafficPolicy",
    ]) {
      delete spec[field];
    }
    for (const port of objectsAt(spec, "ports")) delete port.nodePort;
    return;
  }
  const others = otherServices(server, old);
  allocateClusterIp(server, { service, spec, others });
  const changedType = old !== undefined && objectAt(old, "spec").type !== type;
  allocateNodePorts(server, { service, spec, others, changedType });
}

/** What belonged to a balancer goes with it, unless the update sets it anew (registry/core/service). */
function dropBalancing(spec: JsonObject, old: JsonObject): void {
  if (old.type !== "LoadBalancer" || spec.type === "LoadBalancer") return;
  for (const field of ["allocateLoadBalancerNodePorts", "loadBalancerClass"]) {
    if (spec[field] === old[field]) delete spec[field];
  }
}

function keepAllocated(spec: JsonObject, old: JsonObject): void {
  if (old.type === "ExternalName" || spec.type === "ExternalName") return;
  if (!spec.clusterIP && !textsOf(spec.clusterIPs)[0]) {
    spec.clusterIP = old.clusterIP ?? "";
    if (old.clusterIPs !== undefined) spec.clusterIPs = old.clusterIPs;
  }
  for (const field of ["ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"]) {
    if (spec[field] === undefined && old[field] !== undefined) spec[field] = old[field];
  }
  const oldPorts = objectsAt(old, "ports");
  for (const port of objectsAt(spec, "ports")) {
    const before = oldPorts.find((one) => one.port === port.port && one.protocol === port.protocol);
    if (!port.nodePort && before?.nodePort) port.nodePort = before.nodePort;
  }
}

interface Allocation {
  readonly service: KubernetesObject;
  readonly spec: JsonObject;
  readonly others: readonly KubernetesObject[];
}

function allocateClusterIp(server: ServerContext, { service, spec, others }: Allocation): void {
  const [first] = textsOf(spec.clusterIPs);
  const wanted = textAt(spec, "clusterIP") ?? first ?? "";
  let address = wanted;
  if (wanted === "") address = freeAddress(server, others);
  else if (wanted !== "None") checkAddress(service, wanted, others);
  spec.clusterIP = address;
  spec.clusterIPs = [address];
  spec.ipFamilies ??= ["IPv4"];
  const headlessWithoutSelector = address === "None" && Object.keys(objectAt(spec, "selector")).length === 0;
  spec.ipFamilyPolicy ??= headlessWithoutSelector ? "RequireDualStack" : "SingleStack";
  if (headlessWithoutSelector && textsOf(spec.ipFamilies).length === 1) spec.ipFamilies = ["IPv4", "IPv6"];
}

function freeAddress(server: ServerContext, others: readonly KubernetesObject[]): string {
  const used = new Set(others.flatMap((one) => textsOf(objectAt(one, "spec").clusterIPs)));
  for (;;) {
    const host = RESERVED + Math.floor(server.random() * (RANGE_SIZE - RESERVED - 1));
    const address = `${RANGE_PREFIX}${host >> 8}.${host & 255}`;
    if (!used.has(address)) return address;
  }
}

function checkAddress(service: KubernetesObject, address: string, others: readonly KubernetesObject[]): void {
  const refuse = (detail: string) =>
    invalid(serviceKind, service.metadata.name, [invalidValue("spec.clusterIPs", [address], detail)]);
  if (isIP(address) === 0) {
    const detail = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    throw invalid(serviceKind, service.metadata.name, [invalidValue("spec.clusterIPs[0]", address, detail)]);
  }
  if (!address.startsWith(RANGE_PREFIX)) {
    throw refuse(`failed to allocate IP ${address}: the provided network does not match the current range`);
  }
  if (others.some((one) => textsOf(objectAt(one, "spec").clusterIPs).includes(address))) {
    throw refuse(`failed to allocate IP ${address}: provided IP is already allocated`);
  }
}

const serviceKind = { group: "", kind: "Service" };

function allocateNodePorts(
  server: ServerContext,
  { service, spec, others, changedType }: Allocation & { readonly changedType: boolean },
): void {
  const type = textAt(spec, "type") ?? "ClusterIP";
  const needed =
    type === "NodePort" || (type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
  const ports = objectsAt(spec, "ports");
  if (type === "ClusterIP") {
    // What another type had is given back; what is asked for anew is refused by validation.
    if (changedType) for (const port of ports) delete port.nodePort;
    if (textsOf(spec.externalIPs).length === 0) delete spec.externalTrafficPolicy;
  }
  const checksHealth = type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
  if (!checksHealth) delete spec.healthCheckNodePort;
  if (!needed && !checksHealth) return;

  const used = new Set(others.flatMap(nodePortsOf));
  for (const [index, port] of ports.entries()) {
    const wanted = numberAt(port, "nodePort");
    const wrong = wanted ? refuseNodePort(wanted, used) : undefined;
    if (wrong) {
      const error = invalidValue(`spec.ports[${index}].nodePort`, wanted, wrong);
      throw invalid(serviceKind, service.metadata.name, [error]);
    }
    if (needed) port.nodePort = wanted || freePort(server, used);
    used.add(Number(port.nodePort));
  }
  if (checksHealth)
    spec.healthCheckNodePort = numberAt(spec, "healthCheckNodePort") || freePort(server, used);
}

function refuseNodePort(port: number, used: ReadonlySet<number>): string | undefined {
  const { first, count } = NODE_PORTS;
  if (port < first || port >= first + count) {
    const range = `${first}-${first + count - 1}`;
    return `provided port is not in the valid range. The range of valid ports is ${range}`;
  }
  return used.has(port) ? "provided port is already allocated" : undefined;
}

function freePort(server: ServerContext, used: ReadonlySet<number>): number {
  const { first, count, reserved } = NODE_PORTS;
  for (;;) {
    const port = first + reserved + Math.floor(server.random() * (count - reserved));
    if (!used.has(port)) return port;
  }
}

function nodePortsOf(service: KubernetesObject): number[] {
  const ports = objectsAt(service, "spec", "ports").map((port) => numberAt(port, "nodePort") ?? 0);
  return [...ports, numberAt(service, "spec", "healthCheckNodePort") ?? 0].filter((port) => port !== 0);
}

/** All Services but the one that is updated, whatever the update says that it is. */
function otherServices(server: ServerContext, old: KubernetesObject | undefined): KubernetesObject[] {
  const { entries } = server.store.snapshot(services);
  return entries.flatMap(([, one]) => (old && one.metadata.uid === old.metadata.uid ? [] : [one]));
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string" && item !== "") : [];
}
