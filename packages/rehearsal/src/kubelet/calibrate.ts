// Measures a time model on a cluster, from what kubelets leave in events and in the status of pods.

import { type KubernetesObject, parseDuration } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject, ProblemError } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../admission/read-json.ts";
import { defaultTimeModel, type ImageTimes, type TimeModel } from "./time-model.ts";

/** A measured model and how much it rests on. */
export interface Calibration {
  readonly model: TimeModel;
  /** Pods that told something. */
  readonly pods: number;
}

/** One container's start, as far as it was seen. */
interface Start {
  readonly image: string;
  readonly pullMs: number;
}

/** A pod that started undisturbed. */
interface StartedPod {
  readonly starts: readonly Start[];
  /** From its scheduling until the last of its containers ran. */
  readonly runningMs: number;
}

/**
 * Fits a time model to a cluster's pods and events (both of all namespaces, as lists give them).
 *
 * - How long an image's pull takes is in the kubelet's words, to the millisecond: `Successfully pulled image "X" in
 *   3.2s (4s including waiting)` (kubelet images/image_manager.go). Of several pulls the median counts.
 * - How long a container takes to settle is the time from its start to the pod's condition Ready, to the second as
 *   the API's times are. In a pod where others have probes or start later it is at most that, so what such pods say
 *   counts only where no other does, and then the least.
 * - What pods take beyond their pulls is the overhead, the median of all; pulls are parallel or serial, whichever
 *   leaves the more even rest. Pods that waited for volumes or were restarted are left out.
 * - Stopping and provisioning leave no trace; they stay as in the built-in model.
 *
 * Events live for an hour by default (kube-apiserver --event-ttl), so it must be done soon after pods started.
 * @throws ProblemError `calibrate/no-pulls` when no event tells of a pull
 */
export function calibrateTimeModel(
  name: string,
  {
    pods,
    events,
  }: { readonly pods: readonly KubernetesObject[]; readonly events: readonly KubernetesObject[] },
): Calibration {
  const pulls = new Map<string, number[]>();
  const present = new Set<string>();
  const byPod = new Map<string, KubernetesObject[]>();
  for (const event of events) {
    const uid = textAt(event, "involvedObject", "uid") ?? "";
    const known = byPod.get(uid);
    if (known) known.push(event);
    else byPod.set(uid, [event]);
    const pull = pullOf(event);
    if (pull) add(pulls, pull.image, pull.pullMs);
    const [, image] = /^Container image "([^"]+)" already present/.exec(textAt(event, "message") ?? "") ?? [];
    if (image) present.add(image);
  }
  if (pulls.size === 0) {
    throw new ProblemError({
      code: "calibrate/no-pulls",
      message: "no event tells how long an image was pulled; a cluster keeps events for about an hour",
      next: "calibrate soon after pods have started with images that the nodes did not have",
    });
  }

  const started = pods.flatMap((pod) => startOf(pod, byPod.get(pod.metadata.uid ?? "") ?? []) ?? []);
  const parallel = restOf(started, (starts) => Math.max(...starts.map(({ pullMs }) => pullMs)));
  const serial = restOf(started, (starts) => starts.reduce((sum, { pullMs }) => sum + pullMs, 0));
  const isSerial = serial.unevenness < parallel.unevenness;
  const settling = settleTimes(pods);
  const images: Record<string, ImageTimes> = {};
  for (const image of [...new Set([...pulls.keys(), ...present])].sort()) {
    images[image] = { pullMs: median(pulls.get(image) ?? [0]), settleMs: settling.get(image) ?? 0 };
  }
  return {
    model: {
      ...defaultTimeModel,
      name,
      images,
      ...othersLike(Object.values(images)),
      pulls: isSerial ? "serial" : "parallel",
      overheadMs: (isSerial ? serial : parallel).typical,
      completionMs: completionTime(pods) ?? defaultTimeModel.completionMs,
    },
    pods: started.length,
  };
}

function pullOf(event: KubernetesObject): Start | undefined {
  const message = textAt(event, "message") ?? "";
  const [, image = "", took = ""] = /^Successfully pulled image "([^"]+)" in (\S+)/.exec(message) ?? [];
  const pullMs = parseDuration(took);
  return pullMs === undefined ? undefined : { image, pullMs: Math.round(pullMs) };
}

const disturbances: ReadonlySet<string> = new Set(["FailedMount", "FailedAttachVolume", "Failed", "BackOff"]);

/** Undefined for a pod that does not run all its containers, was held up, or of which a pull was not seen. */
function startOf(pod: KubernetesObject, events: readonly KubernetesObject[]): StartedPod | undefined {
  if (events.some((event) => disturbances.has(textAt(event, "reason") ?? ""))) return undefined;
  const starts = events.flatMap((event) => pullOf(event) ?? []);
  const spec = objectAt(pod, "spec");
  const containers = [...objectsAt(spec, "initContainers"), ...objectsAt(spec, "containers")];
  const running = objectsAt(pod.status, "containerStatuses").map(runningSince);
  const scheduledAt = conditionSince(pod, "PodScheduled");
  if (starts.length !== containers.length || running.length === 0 || scheduledAt === undefined)
    return undefined;
  if (running.includes(undefined)) return undefined;
  return { starts, runningMs: Math.max(...running.map(Number)) - scheduledAt };
}

/** What pods took beyond what `pulling` explains: typically, and how far from that on average. */
function restOf(
  pods: readonly StartedPod[],
  pulling: (starts: readonly Start[]) => number,
): { typical: number; unevenness: number } {
  const rests = pods.map(({ starts, runningMs }) => runningMs - pulling(starts));
  if (rests.length === 0) return { typical: 0, unevenness: 0 };
  const typical = median(rests);
  // The API's times are whole seconds: a rest that is smaller cannot be told from none.
  const told = typical < 1_000 ? 0 : typical;
  const unevenness = rests.reduce((sum, rest) => sum + Math.abs(rest - told), 0) / rests.length;
  return { typical: told, unevenness };
}

/** By image: from the start of a container with a readiness probe until its pod is ready. */
function settleTimes(pods: readonly KubernetesObject[]): ReadonlyMap<string, number> {
  const alone = new Map<string, number[]>();
  const together = new Map<string, number[]>();
  for (const pod of pods) {
    const readyAt = conditionSince(pod, "Ready");
    const running = objectsAt(pod.status, "containerStatuses").map(runningSince);
    const lastStart = Math.max(...running.map((since) => since ?? Number.POSITIVE_INFINITY));
    const probed = objectsAt(objectAt(pod, "spec"), "containers").filter((one) =>
      isJsonObject(one.readinessProbe),
    );
    if (readyAt === undefined) continue;
    for (const { name, image } of probed) {
      const status = objectsAt(pod.status, "containerStatuses").find((one) => one.name === name);
      const since = status && runningSince(status);
      if (since !== undefined) {
        const decides = probed.length === 1 && since === lastStart;
        add(decides ? alone : together, String(image), Math.max(0, readyAt - since));
      }
    }
  }
  const settling = new Map<string, number>();
  for (const [image, times] of together) settling.set(image, Math.min(...times));
  for (const [image, times] of alone) settling.set(image, median(times));
  return settling;
}

/** The model's formula for images that were not seen, spread as those that were. */
function othersLike(
  seen: readonly ImageTimes[],
): Pick<TimeModel, "imageFloorMs" | "imageSpreadMs" | "runningShare"> {
  const totals = seen.map(({ pullMs, settleMs }) => pullMs + settleMs);
  const floor = Math.min(...totals);
  const shares = seen
    .filter(({ settleMs }) => settleMs > 0)
    .map((one) => one.pullMs / (one.pullMs + one.settleMs));
  const share = shares.length > 0 ? median(shares) : defaultTimeModel.runningShare;
  return {
    imageFloorMs: floor,
    imageSpreadMs: Math.max(...totals) - floor + 1,
    runningShare: Math.round(share * 100) / 100,
  };
}

/** How long the containers of finished pods ran. */
function completionTime(pods: readonly KubernetesObject[]): number | undefined {
  const times = pods
    .filter((pod) => textAt(pod.status, "phase") === "Succeeded")
    .flatMap((pod) => objectsAt(pod.status, "containerStatuses"))
    .flatMap((status) => {
      const from = Date.parse(textAt(status, "state", "terminated", "startedAt") ?? "");
      const to = Date.parse(textAt(status, "state", "terminated", "finishedAt") ?? "");
      return Number.isNaN(to - from) ? [] : [to - from];
    });
  return times.length > 0 ? median(times) : undefined;
}

/** Undefined for a container that does not run or was restarted: its start is not its first. */
function runningSince(status: JsonObject): number | undefined {
  const at = Date.parse(textAt(status, "state", "running", "startedAt") ?? "");
  return Number.isNaN(at) || status.restartCount !== 0 ? undefined : at;
}

/** Since when a condition is True, in milliseconds since the epoch. */
function conditionSince(pod: KubernetesObject, type: string): number | undefined {
  const condition = objectsAt(pod.status as Json, "conditions").find((one) => one.type === type);
  if (condition?.status !== "True") return undefined;
  const at = Date.parse(String(condition.lastTransitionTime));
  return Number.isNaN(at) ? undefined : at;
}

function add(map: Map<string, number[]>, key: string, value: number): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
