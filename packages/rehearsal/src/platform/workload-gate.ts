// Controllers of the platform work only while a pod that would run them is ready.
import { builtin } from "@slipway/kubernetes";
import { numberAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import type { WorkloadReference } from "./facts.ts";

/** Whether somebody is there to do the work, and word of each change. */
export interface WorkloadGate {
  isOpen(): boolean;
  /** Calls `listener` whenever the answer changes. */
  onChange(listener: () => void): void;
}

/** Opens while every named workload has an available replica. */
export function createWorkloadGate(
  { caches }: Environment,
  references: readonly WorkloadReference[],
): WorkloadGate {
  const listeners: (() => void)[] = [];
  const gates = references.map((reference) => ({
    ...reference,
    cache: caches.follow(builtin("apps", reference.kind)),
  }));
  const isOpen = () =>
    gates.every(({ cache, name, namespace }) => {
      const status = cache.get(name, namespace)?.status;
      return (numberAt(status, "availableReplicas") ?? 0) > 0;
    });
  let open = isOpen();
  for (const { cache, name, namespace } of gates) {
    cache.onChange(({ object }) => {
      if (object.metadata.name !== name || object.metadata.namespace !== namespace) return;
      const now = isOpen();
      if (now === open) return;
      open = now;
      for (const listener of listeners) listener();
    });
  }
  return { isOpen, onChange: (listener) => listeners.push(listener) };
}
