// Core events about objects: counted up when the same thing happens again, gathered when much the same does
// (client-go tools/record EventCorrelator).
import { ApiError, ConnectionError, type KubernetesObject } from "@slipway/kubernetes";
import { fnv1a32 } from "../../clock/fnv1a.ts";
import type { ControllerContext } from "../context.ts";
import { EVENTS } from "../resources.ts";
import { formatTime } from "./time.ts";

/** What there is to tell of an object. */
export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** For what the scheduler says (events.k8s.io): what was being done. */
  readonly action?: string;
  /** `spec.containers{name}` for an event about one container. */
  readonly fieldPath?: string;
  /** The node on which it happened. */
  readonly host?: string;
}

/** Tells people what happened to an object. Never waits and never fails: an event that cannot be written is lost. */
export type RecordEvent = (about: KubernetesObject, event: EventText) => void;

interface Recorded {
  readonly name: string;
  count: number;
  /** Writes of one event follow each other. */
  last: Promise<unknown>;
}

/** The tenth different message of one reason about one object and all later ones share an event. */
const MOST_ALIKE = 10;
/** As many events about one object at once; afterwards one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;

/** A recorder under the name `component`, for instance `deployment-controller`. */
export function createEventRecorder({ client, clock }: ControllerContext, component: string): RecordEvent {
  const recorded = new Map<string, Recorded>();
  const alike = new Map<string, Set<string>>();
  const mayRecord = createLimit(clock);
  // Several components speak of one object at one simulated instant; real ones never share a nanosecond.
  const offset = (fnv1a32(component) % 1_000) * 1_000;
  let sequence = 0;

  return (about, event) => {
    if (!mayRecord(about.metadata.uid ?? "")) return;
    const group = [about.kind, about.metadata.uid, event.fieldPath, event.type, event.reason].join("\u0000");
    const messages = alike.get(group) ?? new Set();
    alike.set(group, messages.add(event.message));
    const gathered = messages.size >= MOST_ALIKE;
    if (gathered) messages.delete(event.message);
    const message = gathered ? `(combined from similar events): ${event.message}` : event.message;
    const key = gathered ? group : `${group}\u0000${message}`;
    const namespace = about.metadata.namespace ?? "default";
    const earlier = recorded.get(key);
    if (earlier) {
      earlier.count += 1;
      const patch = { count: earlier.count, message, lastTimestamp: formatTime(clock.now()) };
      earlier.last = earlier.last
        .then(() => client.patch(EVENTS, { namespace, name: earlier.name }, { type: "merge", patch }))
        .catch(ignoreRefusal);
      return;
    }
    sequence = (sequence + 1) % 1_000;
    const instant = BigInt(Math.floor(clock.now())) * 1_000_000n + BigInt(offset + sequence);
    const name = `${about.metadata.name}.${instant.toString(16)}`;
    const body = buildEvent(about, { ...event, message }, { component, now: formatTime(clock.now()) });
    const object = { ...body, metadata: { name, namespace } };
    const last = client.create(EVENTS, object, { fieldManager: component }).catch(ignoreRefusal);
    recorded.set(key, { name, count: 1, last });
  };
}

function buildEvent(
  about: KubernetesObject,
  { type, reason, message, action, fieldPath, host }: EventText,
  { component, now }: { readonly component: string; readonly now: string },
): KubernetesObject {
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
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "" },
    involvedObject,
    reason,
    message,
    type,
    reportingComponent: component,
    ...timing,
  };
}

/** A bucket of {@link BURST} for each object, filled again by one in {@link REFILL_MS}. */
function createLimit(clock: ControllerContext["clock"]): (key: string) => boolean {
  const buckets = new Map<string, { left: number; at: number }>();
  return (key) => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { left: BURST, at: now };
    buckets.set(key, bucket);
    bucket.left = Math.min(BURST, bucket.left + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError) && !(error instanceof ConnectionError)) throw error;
}
