// What controllers write into the status of a kind.
import type { JsonObject } from "@slipway/yaml";
import type { Random } from "../fuzz/random.ts";

const condition = (type: string): JsonObject => ({
  type,
  status: "True",
  reason: "Because",
  message: "it is so",
  lastTransitionTime: "2026-01-02T03:04:05Z",
});

const statuses: Readonly<Record<string, readonly JsonObject[]>> = {
  Deployment: [
    { replicas: 2, readyReplicas: 1, observedGeneration: 1 },
    { replicas: 1, conditions: [condition("Available"), condition("Progressing")] },
    { replicas: -1 },
  ],
  StatefulSet: [{ replicas: 1, currentRevision: "web-1", updateRevision: "web-2" }],
  DaemonSet: [
    { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberMisscheduled: 0, numberReady: 1 },
  ],
  Pod: [
    { phase: "Running", conditions: [condition("Ready")] },
    { phase: "Succeeded", message: "done" },
  ],
  Job: [{ active: 1, startTime: "2026-01-02T03:04:05Z" }],
  PersistentVolumeClaim: [{ phase: "Bound", capacity: { storage: "1Gi" } }],
  Service: [{ loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } }],
  HorizontalPodAutoscaler: [{ currentReplicas: 1, desiredReplicas: 2 }],
  Gadget: [
    { replicas: 2, phase: "Ready" },
    {
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Ready", status: "False" },
      ],
    },
    { conditions: [{ type: "Ready", status: "True" }], unknown: 1 },
    { replicas: "two" },
  ],
};

const anyKind: readonly JsonObject[] = [{ phase: "Ready" }, { conditions: [condition("Ready")] }, {}];

/** A status for an object of the kind. */
export function statusOf(kind: string, random: Random): JsonObject {
  return random.pick(statuses[kind] ?? anyKind);
}
