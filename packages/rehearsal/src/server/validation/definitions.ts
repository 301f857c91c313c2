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
export function validateDefinition(object: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const errors = validateCustomResourceDefinition(object, old);
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(textAt(object, "spec", "group") ?? "");
  if (isProtected && !object.metadata.annotations?.[approval]) {
    const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
    errors.push(requiredValue(`metadata.annotations[${approval}]`, detail));
  }
  errors.push(...validateStoredVersions(object));
  return errors;
}

/** The version that is stored is one of those that have been, and none of those is gone. */
function validateStoredVersions(object: KubernetesObject): FieldError[] {
  const stored = textsAt(object, "status", "storedVersions");
  const field = "status.storedVersions";
  if (stored.length === 0) return [invalidValue(field, null, "must have at least one stored version")];
  const versions = objectsAt(object, "spec", "versions");
  const errors: FieldError[] = [];
  // A stored version stands for one version only, the first of its name.
  const left = new Set(stored);
  for (const { name, storage } of versions) {
    const isThere = left.delete(String(name));
    if (storage !== true || isThere) continue;
    errors.push(invalidValue(field, stored, `must have the storage version ${String(name)}`));
  }
  const names = versions.map(({ name }) => name);
  for (const [index, name] of stored.entries()) {
    if (names.includes(name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalidValue(`${field}[${index}]`, name, detail));
  }
  return errors;
}

/** What may not change: the group and plural, which are the name, and of an established definition scope and kind. */
export function validateDefinitionUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const fixed = hasCondition(old, "Established")
    ? ["scope", "names.kind", "group", "names.plural"]
    : ["group", "names.plural"];
  return fixed.flatMap((path) => {
    const [now, before] = [object, old].map((one) => valueAt(one, "spec", ...path.split(".")));
    return now === before ? [] : [invalidValue(`spec.${path}`, now, "field is immutable")];
  });
}
