// The parts of object metadata, selectors and conditions that the controllers read by name (Kubernetes 1.36 API).
import type { JsonObject } from "@slipway/yaml";

export interface StringMap {
  [key: string]: string;
}

/** meta/v1 LabelSelector. */
export interface LabelSelector extends JsonObject {
  matchLabels?: StringMap;
  matchExpressions?: Requirement[];
}

/** One expression of a label selector or of a node selector term. */
export interface Requirement extends JsonObject {
  key: string;
  operator: string;
  values?: string[];
}

/** An entry of `status.conditions`, whichever of the optional fields its kind has. */
export interface Condition extends JsonObject {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  observedGeneration?: number;
}

export interface TemplateMeta extends JsonObject {
  name?: string;
  labels?: StringMap;
  annotations?: StringMap;
  finalizers?: string[];
}
