// Whether an object may be stored.
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { RequestContext } from "../context.ts";
import { validateByDefinition } from "../object-rules.ts";
import { invalid } from "../status-errors.ts";
import { accessValidators } from "./access.ts";
import { coreValidators, validateServiceStatus } from "./core.ts";
import { validateDefinition, validateDefinitionUpdate } from "./definitions.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { policyValidators } from "./policies.ts";
import type { Validator } from "./validator.ts";
import { workloadValidators } from "./workloads.ts";

const validators: Readonly<Record<string, Validator>> = {
  ...coreValidators,
  ...workloadValidators,
  ...accessValidators,
  ...policyValidators,
  "apiextensions.k8s.io/customresourcedefinitions": {
    validate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
  },
};

/** Refuses an object with everything that is wrong with it (StatusError 422); `old` is what it replaces. */
export function validateObject(
  { type, info }: RequestContext,
  object: KubernetesObject,
  old: KubernetesObject | undefined,
): void {
  const errors: FieldError[] = [...validateMetadata(type, object)];
  if (old) errors.push(...validateMetadataUpdate(object, old));
  const validator = validators[type.collection];
  // Through a subresource nothing of the desired state changes, and what was stored before may stay.
  if (validator && !info.subresource) {
    errors.push(...(validator.validate?.(object) ?? []));
    if (old) errors.push(...(validator.validateUpdate?.(object, old) ?? []));
  }
  if (type.collection === "/services" && info.subresource === "status") {
    errors.push(...validateServiceStatus(object));
  }
  errors.push(...validateByDefinition(type, object, old));
  if (errors.length > 0) throw invalid(type, object.metadata.name ?? "", errors);
}
