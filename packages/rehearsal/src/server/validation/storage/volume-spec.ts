// What a PersistentVolume is to be, also where it is said within a VolumeAttachment (kubernetes
// pkg/apis/core/validation ValidatePersistentVolumeSpec).
import { posix } from "node:path";
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, stringAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { amount } from "../numbers.ts";
import { validateNodeSelector } from "../pods/pod-placement.ts";
import { validateClassName, validateModes, volumeModes } from "./storage-fields.ts";
import { validateVolumeSource } from "./volume-source.ts";

const reclaimPolicies = ["Delete", "Recycle", "Retain"];
const INLINE = "in the context of inline volumes";

/** The spec of the PersistentVolume that is called `name`. */
export function validateVolumeSpec(spec: JsonObject, name: string): FieldError[] {
  const policy = spec.persistentVolumeReclaimPolicy;
  return [
    ...validateAccessModes(spec, "spec"),
    ...validateCapacity(spec),
    ...validateChoice(policy, "spec.persistentVolumeReclaimPolicy", reclaimPolicies),
    ...validateAffinity(spec),
    ...validateVolumeSource(spec, "spec", name),
    ...validateRecycling(spec, "spec"),
    ...validateClassName(spec.storageClassName, "spec.storageClassName"),
    ...validateChoice(spec.volumeMode, "spec.volumeMode", volumeModes),
    ...validateAttributesClass(spec),
  ];
}

/** The spec at `path` of a volume that is attached without being an object: a driver's, and nobody's claim. */
export function validateInlineVolume(spec: JsonObject, path: string): FieldError[] {
  const refuse = (field: string) => forbiddenValue(`${path}.${field}`, `may not be specified ${INLINE}`);
  const { persistentVolumeReclaimPolicy: policy, volumeMode: mode } = spec;
  const errors: FieldError[] = [];
  if (isJsonObject(spec.claimRef)) errors.push(refuse("claimRef"));
  if (Object.keys(objectAt(spec, "capacity")).length > 0) errors.push(refuse("capacity"));
  if (!isJsonObject(spec.csi)) errors.push(requiredValue(`${path}.csi`, `has to be specified ${INLINE}`));
  errors.push(...validateAccessModes(spec, path));
  if (typeof policy === "string" && policy !== "" && policy !== "Retain") {
    errors.push(forbiddenValue(`${path}.persistentVolumeReclaimPolicy`, `may only be Retain ${INLINE}`));
  }
  if (isJsonObject(spec.nodeAffinity)) errors.push(refuse("nodeAffinity"));
  errors.push(...validateVolumeSource(spec, path, ""), ...validateRecycling(spec, path));
  if (textAt(spec, "storageClassName")) errors.push(refuse("storageClassName"));
  if (typeof mode === "string" && mode !== "Filesystem") {
    const detail = `may not specify volumeMode other than Filesystem ${INLINE}`;
    errors.push(forbiddenValue(`${path}.volumeMode`, detail));
  }
  return errors;
}

function validateAccessModes(spec: JsonObject, path: string): FieldError[] {
  const isThere = textsAt(spec, "accessModes").length > 0;
  return [...(isThere ? [] : [requiredValue(`${path}.accessModes`)]), ...validateModes(spec, path)];
}

function validateCapacity(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const capacity = objectAt(spec, "capacity");
  const names = Object.keys(capacity);
  if (names.length === 0) errors.push(requiredValue("spec.capacity"));
  if (!("storage" in capacity) || names.length > 1) {
    errors.push(unsupportedValue("spec.capacity", spec.capacity, ["storage"]));
  }
  for (const name of names) {
    const path = `spec.capacity[${name}]`;
    const value = capacity[name];
    if (amount(value) < 0)
      errors.push(invalidValue(path, amount(value), "must be a valid resource quantity"));
    if (!(amount(value) > 0)) errors.push(invalidValue(path, value, "must be greater than zero"));
  }
  return errors;
}

function validateAffinity({ nodeAffinity }: JsonObject): FieldError[] {
  if (!isJsonObject(nodeAffinity)) return [];
  const path = "spec.nodeAffinity.required";
  const { required } = nodeAffinity;
  if (isJsonObject(required)) return validateNodeSelector(required, path);
  return [requiredValue(path, "must specify required node constraints")];
}

/** The whole of a machine is not emptied for the next claim. */
function validateRecycling(spec: JsonObject, path: string): FieldError[] {
  const host = textAt(spec, "hostPath", "path");
  if (host === undefined || posix.normalize(host) !== "/") return [];
  if (spec.persistentVolumeReclaimPolicy !== "Recycle") return [];
  const detail = "may not be 'recycle' for a hostPath mount of '/'";
  return [forbiddenValue(`${path}.persistentVolumeReclaimPolicy`, detail)];
}

function validateAttributesClass(spec: JsonObject): FieldError[] {
  const name = stringAt(spec, "volumeAttributesClassName");
  if (name === undefined) return [];
  const path = "spec.volumeAttributesClassName";
  return [
    ...(name === "" ? [requiredValue(path, "an empty string is disallowed")] : validateClassName(name, path)),
    ...(isJsonObject(spec.csi)
      ? []
      : [requiredValue("spec.csi", "has to be specified when using volumeAttributesClassName")]),
  ];
}
