import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import {
  builtin,
  type Client,
  groupOf,
  type KubernetesObject,
  type ResourceType,
  readinessOf,
} from "@slipway/kubernetes";
import { type AnimatedControlPlane, startAnimatedControlPlane } from "../../test/control-plane/animated.ts";
import { countWrites, type WriteCounts } from "./count-writes.ts";
import { followPunctuality, type Punctuality } from "./punctuality.ts";
import type { Way, WayReport } from "./ways.ts";

/** What one way of installing came to. */
export interface Result extends WayReport, WriteCounts, Punctuality {
  readonly way: string;
  /** From its first process until everything was accepted and ready. */
  readonly wallMs: number;
  /** What the API server computed meanwhile, in seconds of one core. */
  readonly serverCpuSeconds: number;
}

/** What is ready only some time after it was written; of everything else being accepted is enough. */
const awaitedTypes: readonly ResourceType[] = [
  builtin("apps", "Deployment"),
  builtin("apps", "StatefulSet"),
  builtin("apps", "DaemonSet"),
  {
    group: "cert-manager.io",
    version: "v1",
    resource: "certificates",
    kind: "Certificate",
    namespaced: true,
  },
];
const pollMs = 200;
const settledAfterMs = 4_000;

/**
 * Installs objects in one way on a control plane of its own, freshly started, whose simulated pods take
 * `timeScale` times what the time model says.
 * @throws when not all of it is ready within `patienceMs` after the way has ended
 */
export async function perform(
  way: Way,
  options: {
    readonly objects: readonly KubernetesObject[];
    readonly timeScale: number;
    readonly nodes: number;
    readonly patienceMs?: number;
  },
): Promise<Result> {
  const { objects, timeScale, nodes, patienceMs = 120_000 } = options;
  const plane = await startAnimatedControlPlane({ timeScale, nodes });
  try {
    // A new server is still making its own objects for a moment; no way is to pay for that.
    await sleep(settledAfterMs);
    const watching = new AbortController();
    const punctuality = followPunctuality(plane.client, watching.signal);
    const idleCpu = await serverCpu(plane);
    const began = performance.now();
    const startedAt = Date.now();
    const report = await way.run(plane);
    const endedMs = performance.now() - began;
    const late = await waitUntilReady(plane, objects, patienceMs);
    const wallMs = late ? performance.now() - began : endedMs;
    const serverCpuSeconds = (await serverCpu(plane)) - idleCpu;
    const onTime = await punctuality();
    watching.abort();
    const writes = countWrites(plane.readAudit(), { userAgent: way.userAgent, startedAt, objects });
    return { way: way.name, wallMs, serverCpuSeconds, ...report, ...writes, ...onTime };
  } finally {
    await plane.stop();
  }
}

/** The API server's own count of its CPU time, in seconds. */
async function serverCpu({ kubeconfig }: AnimatedControlPlane): Promise<number> {
  const { stdout } = await promisify(execFile)(
    "kubectl",
    ["--kubeconfig", kubeconfig, "get", "--raw", "/metrics"],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const [, seconds] = /^process_cpu_seconds_total (\S+)$/m.exec(stdout) ?? [];
  if (seconds === undefined) throw new Error("the API server does not say how much it computed");
  return Number(seconds);
}

/** Waits until workloads and Certificates are ready; true if there was anything to wait for. */
async function waitUntilReady(
  { client }: AnimatedControlPlane,
  objects: readonly KubernetesObject[],
  patienceMs: number,
): Promise<boolean> {
  const awaited = objects.filter(({ apiVersion, kind }) =>
    awaitedTypes.some((type) => type.group === groupOf(apiVersion) && type.kind === kind),
  );
  const giveUpAt = performance.now() + patienceMs;
  for (let waited = false; ; waited = true) {
    const unready = await findUnready(client, awaited);
    if (unready.length === 0) return waited;
    if (performance.now() > giveUpAt) throw new Error(`not ready: ${unready.join(", ")}`);
    await sleep(pollMs);
  }
}

async function findUnready(client: Client, awaited: readonly KubernetesObject[]): Promise<string[]> {
  const ready = new Set<string>();
  for (const type of awaitedTypes) {
    for (const object of (await client.list(type)).items) {
      const { state } = readinessOf(object, { now: Date.now() });
      if (state === "ready" && object.status !== undefined) ready.add(nameOf(object));
    }
  }
  return awaited.map(nameOf).filter((name) => !ready.has(name));
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}
