// How long simulated things take. This file is the whole model; nothing else in the rehearsal invents durations.
import { fnv1a32 } from "../clock/fnv1a.ts";

/** How long one image takes. */
export interface ImageTimes {
  /** From the moment its pull begins until its container runs; 0 for one that is on the node already. */
  readonly pullMs: number;
  /** From there until a container with a readiness probe is ready; one without a probe is ready at once. */
  readonly settleMs: number;
}

/**
 * The model of simulated time, as data.
 *
 * - A pod's time counts from the moment at which it is on a node and everything that it mounts or reads into its
 *   environment exists. A waiting pod notices that at once; a real kubelet tries again after 500 ms, doubling up to
 *   2 min 2 s (kubelet volumemanager, goroutinemap/exponentialbackoff).
 * - Then come `overheadMs` (sandbox, network, making of containers) and its images: side by side, the slowest
 *   counting, or one after the other as a kubelet does unless `serializeImagePulls: false` is configured
 *   (KubeletConfiguration; true by default). Every pod pulls anew: what the nodes have already is in `pullMs`.
 * - Init containers count as containers do; what they do besides starting takes no time.
 * - Back-off of crashing containers, failing probes and the network are not simulated: what starts is healthy.
 */
export interface TimeModel {
  /** What a rehearsal calls it. */
  readonly name: string;
  /** Images with known times, by the name that pods give. */
  readonly images: Readonly<Record<string, ImageTimes>>;
  /** Any other image takes `imageFloorMs + fnv1a32(image) mod imageSpreadMs`: the same every time. */
  readonly imageFloorMs: number;
  readonly imageSpreadMs: number;
  /** The part of that which is its `pullMs` where the container has a readiness probe. */
  readonly runningShare: number;
  readonly pulls: "parallel" | "serial";
  readonly overheadMs: number;
  /** How long a container that is meant to finish (a Job's) runs once it is ready. */
  readonly completionMs: number;
  /** From the request to delete a pod until it is gone, at most its grace period. */
  readonly stopMs: number;
  /** From a claim that has a consumer until its volume is made. */
  readonly provisionMs: number;
  /** Multiplies all of these; 0 makes everything instant. */
  readonly scale: number;
}

/**
 * What is used unless a model is given. It is not measured on a cluster: it spreads images evenly over a range
 * that real pulls on a warm mirror fall into. `slipway cluster calibrate` measures one.
 */
export const defaultTimeModel: TimeModel = {
  name: "built-in",
  images: {},
  imageFloorMs: 3_000,
  imageSpreadMs: 9_001,
  runningShare: 0.75,
  pulls: "parallel",
  overheadMs: 0,
  completionMs: 2_000,
  stopMs: 1_000,
  provisionMs: 200,
  scale: 1,
};

/** How long the platform's controllers take for a step, in milliseconds; the time model does not change them. */
export const controllerSteps = {
  /** From a CustomResourceDefinition until it is served (0.02 to 0.08 s on an idle API server 1.36). */
  definitionMs: 100,
  /** From an Issuer to its Ready condition. */
  issuerMs: 100,
  /** From a Certificate whose issuer is ready to its Secret: a key of 2048 bits and five requests. */
  certificateMs: 500,
  /** From a ready webhook pod to the certificate that it makes for itself. */
  ownCertificateMs: 300,
} as const;

/** A container as far as time goes. */
export interface TimedContainer {
  readonly image?: string;
  readonly readinessProbe?: unknown;
}

/** A pod's `spec` as far as time goes. */
export interface TimedPodSpec {
  readonly containers?: readonly TimedContainer[];
  readonly initContainers?: readonly TimedContainer[];
}

/** Milliseconds from a pod's start (on a node, and all that it mounts is there). */
export interface PodTimes {
  /** Until each container runs: init containers first, in the spec's order. */
  readonly startsMs: readonly number[];
  /** Until all of them run. */
  readonly runningMs: number;
  /** Until it is ready. */
  readonly readyMs: number;
}

/** When a pod runs and is ready under a model. */
export function podTimes(podSpec: TimedPodSpec, model: TimeModel = defaultTimeModel): PodTimes {
  const starts: number[] = [];
  let running = model.overheadMs;
  let ready = model.overheadMs;
  for (const container of [...(podSpec.initContainers ?? []), ...(podSpec.containers ?? [])]) {
    const { pullMs, settleMs } = containerTimes(container, model);
    const start = (model.pulls === "serial" ? running : model.overheadMs) + pullMs;
    starts.push(scaledMs(model, start));
    running = Math.max(running, start);
    ready = Math.max(ready, start + settleMs);
  }
  return { startsMs: starts, runningMs: scaledMs(model, running), readyMs: scaledMs(model, ready) };
}

/** {@link podTimes}, `readyMs` alone. */
export function podReadyMs(podSpec: TimedPodSpec, model: TimeModel = defaultTimeModel): number {
  return podTimes(podSpec, model).readyMs;
}

/** A container's own times, not scaled. */
export function containerTimes({ image = "", readinessProbe }: TimedContainer, model: TimeModel): ImageTimes {
  const known = Object.hasOwn(model.images, image) ? model.images[image] : undefined;
  if (known) return { pullMs: known.pullMs, settleMs: readinessProbe ? known.settleMs : 0 };
  const total = model.imageFloorMs + (fnv1a32(image) % model.imageSpreadMs);
  const pullMs = readinessProbe ? Math.round(total * model.runningShare) : total;
  return { pullMs, settleMs: total - pullMs };
}

/** Any of the model's durations, scaled. */
export function scaledMs(model: TimeModel, ms: number): number {
  return Math.round(ms * model.scale);
}
