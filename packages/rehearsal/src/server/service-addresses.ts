// What the server allocates for Services (kubernetes pkg/registry/core/service/storage), IPv4 only.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";
import type { ServerContext } from "./context.ts";
import { invalidValue } from "./field-error.ts";
import { fillFamilies } from "./service-families.ts";
import { needsClusterIp, needsHealthCheck, needsNodePort, nodePortsOf, sameTexts } from "./service-needs.ts";
import { allocateNodePorts } from "./service-ports.ts";
import { invalid } from "./status-errors.ts";

/** Addresses come from 10.96.0.0/16, the lower part of which is left to those who ask for one by name. */
const RANGE_PREFIX = "10.96.";
const RANGE_SIZE = 65_536;
const RESERVED = 4352;

/**
 * Gives a Service what the server allocates: cluster IPs, node ports, the port for health checks. On an update
 * (`old` given) what the writer left out stays as it is. Changes its argument; a value that is taken or out of range is
 * a StatusError. A dry run is given what need not be free, and may ask for it.
 */
export function allocateServiceAddresses(
  server: ServerContext,
  service: KubernetesObject,
  old: KubernetesObject | undefined,
  dryRun: boolean,
): void {
  const spec = objectAt(service, "spec");
  service.spec = spec;
  const before = old && objectAt(old, "spec");
  if (before) keepAllocated(spec, before);
  normalizeAddresses(spec, before);
  fillFamilies(service, old);
  const others = otherServices(server, old);
  if (!before || !needsClusterIp(before)) allocateClusterIp(server, service, others, dryRun);
  const used = new Set(others.flatMap(portsOf));
  allocateNodePorts(service, old, { used, random: server.random, tried: dryRun ? [] : undefined });
}

/** What an update leaves out of what was allocated (patchAllocatedValues). */
function keepAllocated(spec: JsonObject, before: JsonObject): void {
  if (needsClusterIp(before) && needsClusterIp(spec)) {
    if (!spec.clusterIP && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if (textsAt(spec, "clusterIPs").length === 0 && before.clusterIPs !== undefined) {
      spec.clusterIPs = [...textsAt(before, "clusterIPs")];
    }
  }
  if (needsNodePort(before) && needsNodePort(spec)) {
    const kept = nodePortsOf(before).filter((port) => nodePortsOf(spec).includes(port));
    const byName = new Map(objectsAt(before, "ports").map((port) => [port.name, numberAt(port, "nodePort")]));
    for (const port of objectsAt(spec, "ports")) {
      const known = byName.get(port.name);
      if (!port.nodePort && known && !kept.includes(known)) port.nodePort = known;
    }
  }
  if (needsHealthCheck(before) && needsHealthCheck(spec) && before.healthCheckNodePort !== undefined) {
    spec.healthCheckNodePort ||= before.healthCheckNodePort;
  }
}

/** The list of addresses follows the one address of clients that know no list (normalizeClusterIPs). */
function normalizeAddresses(spec: JsonObject, before: JsonObject | undefined): void {
  const [now = "", earlier = ""] = [spec, before].map((one) => textAt(one, "clusterIP"));
  const addresses = textsAt(spec, "clusterIPs");
  if (!before) {
    if (now !== "" && addresses.length === 0) spec.clusterIPs = [now];
    return;
  }
  if (now === earlier) {
    if (addresses.length === 0 && textsAt(before, "clusterIPs").length > 0) {
      spec.clusterIPs = [...textsAt(before, "clusterIPs")];
    }
  } else if (sameTexts(spec, before, "clusterIPs")) {
    if (earlier !== "" && now === "") delete spec.clusterIPs;
    else spec.clusterIPs = [now];
  }
}

function allocateClusterIp(
  server: ServerContext,
  service: KubernetesObject,
  others: readonly KubernetesObject[],
  dryRun: boolean,
): void {
  const spec = objectAt(service, "spec");
  const [wanted = ""] = textsAt(spec, "clusterIPs");
  if (!needsClusterIp(spec) || wanted === "None") return;
  if (wanted !== "") checkAddress(service, wanted, dryRun ? undefined : others);
  spec.clusterIP = wanted || freeAddress(server, others);
  spec.clusterIPs = [spec.clusterIP];
}

function freeAddress(server: ServerContext, others: readonly KubernetesObject[]): string {
  const used = new Set(others.flatMap((one) => textsAt(one, "spec", "clusterIPs")));
  for (;;) {
    const host = RESERVED + Math.floor(server.random() * (RANGE_SIZE - RESERVED - 1));
    const address = `${RANGE_PREFIX}${host >> 8}.${host & 255}`;
    if (!used.has(address)) return address;
  }
}

/** `others` is undefined for a dry run, which only looks at the range (ipallocator/ipallocator.go `allocateService`). */
function checkAddress(
  service: KubernetesObject,
  address: string,
  others: readonly KubernetesObject[] | undefined,
): void {
  const mismatch = others
    ? "the provided network does not match the current range"
    : `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${RANGE_PREFIX}0.0/16`;
  const cause = !address.startsWith(RANGE_PREFIX)
    ? mismatch
    : others?.some((one) => textsAt(one, "spec", "clusterIPs").includes(address))
      ? "provided IP is already allocated"
      : undefined;
  if (!cause) return;
  const detail = `failed to allocate IP ${address}: ${cause}`;
  const error = invalidValue("spec.clusterIPs", textsAt(service, "spec", "clusterIPs"), detail);
  throw invalid({ group: "", kind: "Service" }, service.metadata.name, [error]);
}

function portsOf(service: KubernetesObject): number[] {
  return [...nodePortsOf(objectAt(service, "spec")), numberAt(service, "spec", "healthCheckNodePort") ?? 0];
}

/** All Services but the one that is updated, whatever the update says that it is. */
function otherServices(server: ServerContext, old: KubernetesObject | undefined): KubernetesObject[] {
  const { entries } = server.store.snapshot("/services");
  return entries.flatMap(([, one]) => (old && one.metadata.uid === old.metadata.uid ? [] : [one]));
}
