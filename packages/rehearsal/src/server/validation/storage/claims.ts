// PersistentVolumeClaims (kubernetes pkg/apis/core/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, stringAt, textAt, textsAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, invalidText } from "../names.ts";
import { amount } from "../numbers.ts";
import type { Validator } from "../validator.ts";
import { validateClassName, validateModes, volumeModes } from "./storage-fields.ts";

const betaClass = "volume.beta.kubernetes.io/storage-class";

function validateClaim(claim: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const sources = ["dataSource", "dataSourceRef"];
  const known =
    old !== undefined && sources.some((field) => stringAt(old, "spec", field, "apiGroup") !== undefined);
  return validateClaimSpec(objectAt(claim, "spec"), "spec", { anyGroup: known });
}

/** The spec of a claim, or of a claim that is to be made of a template; `anyGroup`: its data may be of any API group. */
export function validateClaimSpec(
  spec: JsonObject,
  path: string,
  { anyGroup = false }: { readonly anyGroup?: boolean } = {},
): FieldError[] {
  const errors: FieldError[] = [];
  if (textsAt(spec, "accessModes").length === 0) {
    errors.push(requiredValue(`${path}.accessModes`, "at least 1 access mode is required"));
  }
  errors.push(...validateLabelSelector(spec.selector, `${path}.selector`), ...validateModes(spec, path));
  const storage = valueAt(spec, "resources", "requests", "storage");
  if (storage === undefined) errors.push(requiredValue(`${path}.resources[storage]`));
  else if (!(amount(storage) > 0)) {
    errors.push(invalidValue(`${path}.resources[storage]`, storage, "must be greater than zero"));
  }
  errors.push(...validateClassName(spec.storageClassName, `${path}.storageClassName`));
  errors.push(...validateChoice(spec.volumeMode, `${path}.volumeMode`, volumeModes));
  errors.push(...validateSources(spec, path, anyGroup));
  errors.push(...validateClassName(spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`));
  return errors;
}

/** What a claim's volume is filled with, which is said in two fields. */
function validateSources(spec: JsonObject, path: string, anyGroup: boolean): FieldError[] {
  const { dataSource: source, dataSourceRef: reference } = spec;
  const errors: FieldError[] = [];
  if (isJsonObject(source)) errors.push(...validateSource(source, `${path}.dataSource`, anyGroup));
  if (!isJsonObject(reference)) return errors;
  errors.push(...validateSource(reference, `${path}.dataSourceRef`, anyGroup));
  const namespace = textAt(reference, "namespace");
  if (namespace) errors.push(...invalidText(`${path}.dataSourceRef.namespace`, namespace, checkDnsLabel));
  if (!isJsonObject(source)) return errors;
  const same = ["apiGroup", "kind", "name"].every(
    (field) => (source[field] ?? null) === (reference[field] ?? null),
  );
  if (namespace) {
    errors.push(invalidValue(path, {}, "may not be specified when dataSourceRef.namespace is specified"));
  } else if (!same) errors.push(invalidValue(path, {}, "must match dataSourceRef"));
  return errors;
}

function validateSource(source: JsonObject, path: string, anyGroup: boolean): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["name", "kind"]) {
    if (!textAt(source, field)) errors.push(requiredValue(`${path}.${field}`));
  }
  const group = textAt(source, "apiGroup");
  if (!group && source.kind !== "PersistentVolumeClaim") {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalidValue(path, source.kind ?? "", detail));
  }
  if (group && !anyGroup) errors.push(...invalidText(`${path}.apiGroup`, group, checkDnsSubdomain));
  return errors;
}

function withoutStorage(resources: Json | undefined): JsonObject {
  const { storage: _, ...requests } = objectAt(resources, "requests");
  return { ...objectAt(resources), requests };
}

/** What a class by annotation may become: the same class by its field. */
function movesClass(claim: KubernetesObject, old: KubernetesObject): boolean {
  const before = old.metadata.annotations?.[betaClass];
  const now = claim.metadata.annotations?.[betaClass];
  return (
    before !== undefined &&
    classOf(old) === undefined &&
    classOf(claim) === before &&
    (now === undefined || now === before)
  );
}

/** A class may be given to a claim that has none. */
function gainsClass(claim: KubernetesObject, old: KubernetesObject): boolean {
  const before = old.metadata.annotations?.[betaClass];
  const now = classOf(claim);
  return now !== undefined && classOf(old) === undefined && (before === undefined || now === before);
}

function classOf(claim: KubernetesObject): string | undefined {
  const name = valueAt(claim, "spec", "storageClassName");
  return typeof name === "string" ? name : undefined;
}

function validateClaimUpdate(
  claim: KubernetesObject,
  old: KubernetesObject,
  sent: KubernetesObject,
): FieldError[] {
  const errors: FieldError[] = [];
  const moves = movesClass(claim, old);
  const [now = "", before = ""] = [claim, old].map((one) => one.metadata.annotations?.[betaClass]);
  if (!moves && now !== before) {
    errors.push(invalidValue(`metadata.annotations.${betaClass}`, now, "field is immutable"));
  }
  const freeClass = moves || gainsClass(claim, old);
  const bound = textAt(claim, "status", "phase") === "Bound";
  // What a bound claim asks for may change, but not to nothing.
  const hasRequests = isJsonObject(valueAt(sent, "spec", "resources", "requests"));
  const fixed = (one: KubernetesObject) => {
    const { resources, volumeAttributesClassName, volumeName, storageClassName, ...rest } = objectAt(
      one,
      "spec",
    );
    return {
      ...rest,
      storageClassName: freeClass ? null : (storageClassName ?? null),
      // A claim is bound by writing its volume, once; only a bound one may ask for more.
      volumeName: textAt(old, "spec", "volumeName") ? (volumeName ?? null) : null,
      resources: bound && hasRequests ? withoutStorage(resources) : (resources ?? null),
      volumeAttributesClassName: bound ? null : (volumeAttributesClassName ?? null),
    };
  };
  if (!equalJson(fixed(claim), fixed(old))) {
    const detail =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbiddenValue("spec", detail));
  }
  const sizeOf = (one: KubernetesObject, ...path: string[]) =>
    amount(valueAt(one, ...path, "storage") ?? "0");
  const size = sizeOf(claim, "spec", "resources", "requests");
  if (size < sizeOf(old, "spec", "resources", "requests") && size <= sizeOf(old, "status", "capacity")) {
    const detail = "field can not be less than status.capacity";
    errors.push(forbiddenValue("spec.resources.requests.storage", detail));
  }
  const [mode, oldMode] = [claim, old].map((one) => valueAt(one, "spec", "volumeMode"));
  if (mode !== oldMode) errors.push(invalidValue("volumeMode", mode, "field is immutable"));
  return [...errors, ...validateAttributesClass(claim, old)];
}

/** A class of attributes that is in use does not go. */
function validateAttributesClass(claim: KubernetesObject, old: KubernetesObject): FieldError[] {
  if (typeof valueAt(old, "status", "currentVolumeAttributesClassName") !== "string") return [];
  const [now, before] = [claim, old].map((one) => valueAt(one, "spec", "volumeAttributesClassName"));
  if (now === before || now) return [];
  const what = now === undefined ? "nil" : "empty string";
  const detail = `update to ${what} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  return [forbiddenValue("spec.volumeAttributesClassName", detail)];
}

/** By collection. */
export const claimValidators: Readonly<Record<string, Validator>> = {
  "/persistentvolumeclaims": { validate: validateClaim, validateUpdate: validateClaimUpdate },
};
