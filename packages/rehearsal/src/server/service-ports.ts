// The node ports of Services (kubernetes pkg/registry/core/service/storage/alloc.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import { numberAt, objectAt, objectsAt } from "../admission/read-json.ts";
import { invalidValue } from "./field-error.ts";
import { hasNodePorts, needsHealthCheck, needsNodePort, nodePortsOf } from "./service-needs.ts";
import { StatusError } from "./status-error.ts";
import { invalid } from "./status-errors.ts";

const RANGE = { first: 30_000, count: 2768, reserved: 86 } as const;

/** Which ports there are to give. */
export interface NodePorts {
  /** Those of other Services; what is given is added. */
  readonly used: Set<number>;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** What a dry run has been given so far; undefined when ports are really given. */
  readonly tried?: number[] | undefined;
}

/** Gives a Service its node ports. Changes it; a port that cannot be had is a StatusError. */
export function allocateNodePorts(
  service: KubernetesObject,
  old: KubernetesObject | undefined,
  ports: NodePorts,
): void {
  const spec = objectAt(service, "spec");
  if (hasNodePorts(spec)) {
    if (old) updatePorts(service, old, ports);
    else createPorts(service, ports);
  }
  if (needsHealthCheck(spec) && !(old && needsHealthCheck(objectAt(old, "spec")))) {
    const wanted = numberAt(spec, "healthCheckNodePort") ?? 0;
    const wrong = wanted === 0 ? undefined : take(wanted, ports);
    if (wrong) {
      const cause = `failed to allocate requested HealthCheck NodePort ${wanted}: ${wrong}`;
      const details = { causes: [{ message: cause }] };
      throw new StatusError(500, "InternalError", `Internal error occurred: ${cause}`, details);
    }
    if (wanted === 0) spec.healthCheckNodePort = takeAny(ports);
  }
}

/** What is the same port for several protocols gets one node port. */
function createPorts(service: KubernetesObject, given: NodePorts): void {
  const spec = objectAt(service, "spec");
  const ports = objectsAt(spec, "ports");
  const allocated = new Map<unknown, number>();
  for (const [index, port] of ports.entries()) {
    const own = numberAt(port, "nodePort") ?? 0;
    if (own === 0 && !needsNodePort(spec)) continue;
    const shared = allocated.get(port.port);
    if (shared === undefined) {
      const asked = ports.find((one) => one.port === port.port && numberAt(one, "nodePort"));
      const wanted = numberAt(asked, "nodePort") ?? 0;
      if (wanted !== 0) takeFor(service, index, wanted, given);
      port.nodePort = wanted || takeAny(given);
      allocated.set(port.port, port.nodePort);
    } else if (own === 0) port.nodePort = shared;
    else if (own !== shared) takeFor(service, index, own, given);
  }
}

function updatePorts(service: KubernetesObject, old: KubernetesObject, given: NodePorts): void {
  const spec = objectAt(service, "spec");
  const before = nodePortsOf(objectAt(old, "spec"));
  const allocated = new Set<number>();
  const seen = new Set<string>();
  for (const [index, port] of objectsAt(spec, "ports").entries()) {
    const own = numberAt(port, "nodePort") ?? 0;
    if (own === 0 && !needsNodePort(spec)) continue;
    if (own === 0) port.nodePort = takeAny(given);
    else if (!before.includes(own) && !allocated.has(own)) {
      takeFor(service, index, own, given);
      allocated.add(own);
    }
    const pair = `${port.protocol} ${port.nodePort}`;
    if (seen.has(pair)) throw new StatusError(500, "", `duplicate nodePort: {${pair}}`);
    seen.add(pair);
  }
}

function takeFor({ metadata }: KubernetesObject, index: number, port: number, given: NodePorts): void {
  const wrong = take(port, given);
  if (!wrong) return;
  const error = invalidValue(`spec.ports[${index}].nodePort`, port, wrong);
  throw invalid({ group: "", kind: "Service" }, metadata.name, [error]);
}

/** Takes a port; what is wrong with it otherwise. A dry run does not look at the range (portallocator/operation.go). */
function take(port: number, { used, tried }: NodePorts): string | undefined {
  const { first, count } = RANGE;
  if (tried) tried.push(port);
  else if (port < first || port >= first + count) {
    const range = `${first}-${first + count - 1}`;
    return `provided port is not in the valid range. The range of valid ports is ${range}`;
  }
  if (used.has(port)) return "provided port is already allocated";
  used.add(port);
  return undefined;
}

function takeAny({ used, random, tried }: NodePorts): number {
  const { first, count, reserved } = RANGE;
  if (tried) {
    tried.push(tried.length === 0 ? first + count + 1 : Math.max(...tried) + 1);
    return tried.at(-1) as number;
  }
  for (;;) {
    const port = first + reserved + Math.floor(random() * (count - reserved));
    if (used.has(port)) continue;
    used.add(port);
    return port;
  }
}
