// What a build did to a field: the causes in a node's history.
import type { YamlNode } from "@slipway/yaml";

/** The sort of step; one for each thing that a kustomization can do. */
export type StepKind =
  | "annotations"
  | "generator"
  | "hash"
  | "images"
  | "json-patch"
  | "labels"
  | "metadata"
  | "name-reference"
  | "namePrefix"
  | "nameSuffix"
  | "namespace"
  | "replacement"
  | "replicas"
  | "strategic-merge"
  | "valueAdd"
  | "var";

/** One step of a build. Nodes point to it as the cause of their change. */
export interface Step {
  readonly kind: StepKind;
  /** Where it is asked for, in a kustomization or a patch file; null for what always happens. */
  readonly at: YamlNode | null;
}
