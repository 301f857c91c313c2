// How long simulated things take. This file is the whole model; nothing else in the rehearsal invents durations.
import { fnv1a32 } from "../clock/fnv1a.ts";

/**
 * The stated model of simulated time, as data. It is not measured on a cluster: it spreads images evenly over
 * a range that real pulls on a warm mirror fall into, the same for the same image every time.
 *
 * - A container's image takes `imageFloorMs + fnv1a32(image) mod imageSpreadMs` to be pulled, started and
 *   ready: 3 to 12 s. Images are pulled side by side and every pod pulls anew, so a pod's time is that of its
 *   slowest image, init containers included.
 * - It counts from the moment at which the pod is on a node and everything that it mounts or reads into its
 *   environment exists. A waiting pod notices that at once (a real kubelet looks again with a growing pause).
 * - Probes, back-off of crashing containers and the network are not simulated: a container that starts is
 *   healthy. A container with a readiness probe runs `runningShare` of the way before it is ready.
 */
export interface TimeModel {
  readonly imageFloorMs: number;
  readonly imageSpreadMs: number;
  /** Of a pod's time, the part after which its containers run but are not ready yet. */
  readonly runningShare: number;
  /** How long a container that is meant to finish (a Job's) runs once it is ready. */
  readonly completionMs: number;
  /** From the request to delete a pod until it is gone, at most its grace period. */
  readonly stopMs: number;
  /** From a claim that has a consumer until its volume is made. */
  readonly provisionMs: number;
  /** Multiplies all of these; 0 makes everything instant. */
  readonly scale: number;
}

export const defaultTimeModel: TimeModel = {
  imageFloorMs: 3_000,
  imageSpreadMs: 9_001,
  runningShare: 0.75,
  completionMs: 2_000,
  stopMs: 1_000,
  provisionMs: 200,
  scale: 1,
};

/** A container as far as time goes. */
interface TimedContainer {
  readonly image?: string;
}

/**
 * Milliseconds from a pod's start (scheduled, and all that it mounts is there) until it is ready.
 * @param podSpec the pod's or its template's `spec`
 */
export function podReadyMs(
  podSpec: {
    readonly containers?: readonly TimedContainer[];
    readonly initContainers?: readonly TimedContainer[];
  },
  model: TimeModel = defaultTimeModel,
): number {
  let slowest = 0;
  for (const { image = "" } of [...(podSpec.containers ?? []), ...(podSpec.initContainers ?? [])]) {
    slowest = Math.max(slowest, model.imageFloorMs + (fnv1a32(image) % model.imageSpreadMs));
  }
  return Math.round(slowest * model.scale);
}

/** Any of the model's durations, scaled. */
export function scaledMs(model: TimeModel, ms: number): number {
  return Math.round(ms * model.scale);
}
