// What may not change of a CustomResourceDefinition (apiextensions-apiserver pkg/apis/apiextensions/validation).
import {
  type FieldError,
  type KubernetesObject,
  validateCustomResourceDefinition,
} from "@slipway/kubernetes";
import { objectsAt, textAt, textsAt, valueAt } from "../../admission/read-json.ts";
import { hasCondition } from "../crd/definition.ts";
import { invalidValue, requiredValue } from "../field-error.ts";

const approval = "api-approved.kubernetes.io";

/** The definition itself, and the permission that the project's own groups need (KEP-1111). */
export function validateDefinition(object: KubernetesObject): FieldError[] {
  const errors = validateCustomResourceDefinition(object);
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(textAt(object, "spec", "group") ?? "");
  if (isProtected && !object.metadata.annotations?.[approval]) {
    const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
    errors.push(requiredValue(`metadata.annotations[${approval}]`, detail));
  }
  if (textsAt(object, "status", "storedVersions").length === 0) {
    errors.push(invalidValue("status.storedVersions", null, "must have at least one stored version"));
  }
  return errors;
}

/** Stored versions that are gone, and for an established definition its scope and names. */
export function validateDefinitionUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  if (hasCondition(old, "Established")) {
    for (const path of ["scope", "names.kind", "names.plural", "group"]) {
      const [now, before] = [object, old].map((one) => valueAt(one, "spec", ...path.split(".")));
      if (now !== before) errors.push(invalidValue(`spec.${path}`, now, "field is immutable"));
    }
  }
  const versions = objectsAt(object, "spec", "versions").map(({ name }) => name);
  for (const [index, stored] of textsAt(object, "status", "storedVersions").entries()) {
    if (versions.includes(stored)) continue;
    const detail = `missing from spec.versions; ${stored} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${stored} and removes ${stored} from status.storedVersions`;
    errors.push(invalidValue(`status.storedVersions[${index}]`, stored, detail));
  }
  return errors;
}
