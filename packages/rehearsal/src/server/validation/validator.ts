import type { FieldError, KubernetesObject } from "@slipway/kubernetes";

/** What makes an object of one kind invalid, after defaults and admission. */
export interface Validator {
  /** On every write of the whole object; `old` is what it replaces. */
  validate?(object: KubernetesObject, old?: KubernetesObject): FieldError[];
  /** What an update may not change; `sent` still has the empty lists and maps that are not stored. */
  validateUpdate?(object: KubernetesObject, old: KubernetesObject, sent: KubernetesObject): FieldError[];
  /** True where that comes before `validate`. */
  readonly updateFirst?: boolean;
  /** Where an update is checked as a new object once more, metadata included: what is looked at in between. */
  betweenChecks?(object: KubernetesObject): FieldError[];
}
