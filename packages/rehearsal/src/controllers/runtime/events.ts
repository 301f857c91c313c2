// Core events about objects, counted up when the same thing happens again.
import { ApiError, ConnectionError, type KubernetesObject } from "@slipway/kubernetes";
import { fnv1a32 } from "../../clock/fnv1a.ts";
import type { ControllerContext } from "../context.ts";
import { EVENTS } from "../resources.ts";
import { formatTime } from "./time.ts";

/** Tells people what happened to an object. Never waits and never fails: an event that cannot be written is lost. */
export type RecordEvent = (
  about: KubernetesObject,
  event: {
    readonly type: "Normal" | "Warning";
    readonly reason: string;
    readonly message: string;
    /** For what the scheduler says (events.k8s.io): what was being done. */
    readonly action?: string;
    /** `spec.containers{name}` for an event about one container. */
    readonly fieldPath?: string;
    /** The node on which it happened. */
    readonly host?: string;
  },
) => void;

interface Recorded {
  readonly name: string;
  count: number;
  /** Writes of one event follow each other. */
  last: Promise<unknown>;
}

/** A recorder under the name `component`, for instance `deployment-controller`. */
export function createEventRecorder({ client, clock }: ControllerContext, component: string): RecordEvent {
  const recorded = new Map<string, Recorded>();
  // Several components speak of one object at one simulated instant; real ones never share a nanosecond.
  const offset = (fnv1a32(component) % 1_000) * 1_000;
  let sequence = 0;

  return (about, { type, reason, message, action, fieldPath, host }) => {
    const namespace = about.metadata.namespace ?? "default";
    const now = formatTime(clock.now());
    const key = [about.kind, about.metadata.uid, fieldPath, reason, message].join("\u0000");
    const earlier = recorded.get(key);
    if (earlier) {
      earlier.count += 1;
      const patch = { count: earlier.count, lastTimestamp: now };
      earlier.last = earlier.last
        .then(() => client.patch(EVENTS, { namespace, name: earlier.name }, { type: "merge", patch }))
        .catch(ignoreRefusal);
      return;
    }
    sequence = (sequence + 1) % 1_000;
    const instant = BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(offset + sequence);
    const name = `${about.metadata.name}.${instant.toString(16)}`;
    const involvedObject = {
      kind: about.kind,
      ...(about.metadata.namespace ? { namespace: about.metadata.namespace } : {}),
      name: about.metadata.name,
      uid: about.metadata.uid ?? "",
      apiVersion: about.apiVersion,
      resourceVersion: about.metadata.resourceVersion ?? "",
      ...(fieldPath ? { fieldPath } : {}),
    };
    const timing = action
      ? { eventTime: now.replace("Z", ".000000Z"), action, reportingInstance: `${component}-0`, source: {} }
      : {
          eventTime: null,
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
          reportingInstance: host ?? "",
          source: { component, ...(host ? { host } : {}) },
        };
    const event: KubernetesObject = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject,
      reason,
      message,
      type,
      reportingComponent: component,
      ...timing,
    };
    const last = client.create(EVENTS, event, { fieldManager: component }).catch(ignoreRefusal);
    recorded.set(key, { name, count: 1, last });
  };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
}
