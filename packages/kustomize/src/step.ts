// What a build did to a field: the causes in a node's history.
import { getChild, type YamlNode } from "@slipway/yaml";

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
  /** The fields whose values the step has used, for those that copy or compute. */
  readonly from?: readonly StepSource[];
}

/** A field that a step has taken a value from. */
export interface StepSource {
  /** The object that it belongs to. */
  readonly object: YamlNode;
  /** Its path, as kustomize writes paths of fields. */
  readonly field: string;
  readonly node: YamlNode;
}

/** The first of an entry's keys that is there, which says what a step does; else the entry itself. */
export function entryOf(entry: YamlNode, ...keys: readonly string[]): YamlNode {
  for (const key of keys) {
    const child = getChild(entry, key);
    if (child !== undefined) return child;
  }
  return entry;
}
