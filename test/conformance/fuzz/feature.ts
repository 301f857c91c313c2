// What a random kustomization may have, and what it is made with.
import type { FuzzObject } from "./objects.ts";
import type { Random } from "./random.ts";

/** Where a feature goes, and what it can speak of. */
export interface Context {
  readonly random: Random;
  readonly files: Record<string, string>;
  readonly directory: string;
  readonly targets: readonly FuzzObject[];
}

/** The text of a field of a kustomization, and how often one has it. */
export interface Feature {
  readonly share: number;
  readonly make: (context: Context) => string;
}

/** True for objects with a pod template. */
export const isWorkload = ({ kind }: FuzzObject) => ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);

/** Fields that an object of the kind has. */
export function sourceFields(object: FuzzObject): string[] {
  if (object.kind === "ConfigMap") return ["data.tag"];
  if (object.kind === "Foo") return ["spec.a", "spec.list.0.name", "spec.nested", "spec.list"];
  if (isWorkload(object)) return ["spec.replicas", "spec.template.metadata.labels"];
  return ["apiVersion"];
}
