// PersistentVolumes and storage classes (kubernetes pkg/apis/{core,storage}/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, stringAt, textAt, textsAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { checkQualifiedName, invalidText } from "../names.ts";
import { amount } from "../numbers.ts";
import { showSelectorTerm, validateNodeSelector } from "../pods/pod-placement.ts";
import {
  validateDriverName,
  validateIscsi,
  validateNoSteps,
  validateSource,
} from "../pods/volume-sources.ts";
import type { Validator } from "../validator.ts";
import { validateClassName, validateModes, volumeModes } from "./storage-fields.ts";

const reclaimPolicies = ["Delete", "Recycle", "Retain"];

function validateVolume(volume: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const errors = validateVolumeSpec(objectAt(volume, "spec"));
  return old ? errors : [...errors, ...validateMountOptions(volume)];
}

/** Options of a mount are for what is mounted over a network. */
function validateMountOptions({ metadata, spec }: KubernetesObject): FieldError[] {
  const name = "volume.beta.kubernetes.io/mount-options";
  if (metadata.annotations?.[name] === undefined) return [];
  if (["nfs", "iscsi"].some((source) => source in objectAt(spec))) return [];
  const detail = "may not specify mount options for this volume type";
  return [forbiddenValue(`metadata.annotations.${name}`, detail)];
}

function validateVolumeSpec(spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  if (textsAt(spec, "accessModes").length === 0) errors.push(requiredValue("spec.accessModes"));
  errors.push(...validateModes(spec));
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
  errors.push(
    ...validateChoice(
      spec.persistentVolumeReclaimPolicy,
      "spec.persistentVolumeReclaimPolicy",
      reclaimPolicies,
    ),
  );
  const { nodeAffinity } = spec;
  if (isJsonObject(nodeAffinity)) {
    const path = "spec.nodeAffinity.required";
    const { required } = nodeAffinity;
    if (isJsonObject(required)) errors.push(...validateNodeSelector(required, path));
    else errors.push(requiredValue(path, "must specify required node constraints"));
  }
  errors.push(...validateVolumeSource(spec));
  errors.push(...validateClassName(spec.storageClassName, "spec.storageClassName"));
  errors.push(...validateChoice(spec.volumeMode, "spec.volumeMode", volumeModes));
  const attributes = stringAt(spec, "volumeAttributesClassName");
  if (attributes === undefined) return errors;
  const field = "spec.volumeAttributesClassName";
  if (attributes === "") errors.push(requiredValue(field, "an empty string is disallowed"));
  errors.push(...validateClassName(attributes, field));
  if (!isJsonObject(spec.csi)) {
    errors.push(requiredValue("spec.csi", "has to be specified when using volumeAttributesClassName"));
  }
  return errors;
}

/** The sources of a volume, in the order in which the real server looks at them. */
const volumeSources = ["hostPath", "nfs", "iscsi", "local", "csi"];

function validateVolumeSource(spec: JsonObject): FieldError[] {
  const [first, ...others] = volumeSources.filter((name) => spec[name] !== undefined);
  if (first === undefined) return [requiredValue("spec", "must specify a volume type")];
  const errors = validateOwnSource(first, objectAt(spec, first), `spec.${first}`);
  if (first === "local" && objectAt(spec, "nodeAffinity").required === undefined) {
    errors.push(requiredValue("spec.nodeAffinity", "Local volume requires node affinity"));
  }
  for (const other of others) {
    errors.push(forbiddenValue(`spec.${other}`, "may not specify more than 1 volume type"));
  }
  return errors;
}

/** What a volume of the cluster says otherwise than a pod's. */
function validateOwnSource(kind: string, source: JsonObject, path: string): FieldError[] {
  switch (kind) {
    case "iscsi":
      return validateIscsi(source, path, false);
    case "local": {
      const file = textAt(source, "path");
      if (!file) return [requiredValue(`${path}.path`)];
      return validateNoSteps(file, `${path}.path`);
    }
    case "csi": {
      const errors = validateDriverName(textAt(source, "driver"), `${path}.driver`);
      return textAt(source, "volumeHandle") ? errors : [...errors, requiredValue(`${path}.volumeHandle`)];
    }
    default:
      return validateSource(kind, source, path);
  }
}

function validateVolumeUpdate(volume: KubernetesObject, old: KubernetesObject): FieldError[] {
  const source = (one: KubernetesObject) =>
    Object.fromEntries(volumeSources.map((name) => [name, valueAt(one, "spec", name) ?? null]));
  const errors = validateMountOptions(volume);
  if (!equalJson(source(volume), source(old))) {
    const detail = "spec.persistentvolumesource is immutable after creation";
    errors.push(forbiddenValue("spec.persistentvolumesource", detail));
  }
  const [now, before] = [valueAt(volume, "spec", "volumeMode"), valueAt(old, "spec", "volumeMode")];
  if (now !== before) errors.push(invalidValue("volumeMode", now, "field is immutable"));
  const [attributes, earlier] = [volume, old].map((one) =>
    stringAt(one, "spec", "volumeAttributesClassName"),
  );
  if (earlier !== undefined && attributes === undefined) {
    const detail = "update from non-nil value to nil is forbidden";
    errors.push(forbiddenValue("spec.volumeAttributesClassName", detail));
  }
  const [nodes, kept] = [volume, old].map((one) => valueAt(one, "spec", "nodeAffinity") ?? null);
  if (kept && !equalJson(nodes ?? null, kept)) {
    const detail = "field is immutable, except for updating from beta label to GA";
    errors.push(invalidValue("nodeAffinity", showAffinity(nodes), detail));
  }
  return errors;
}

/** A volume's affinity as the server's own type shows it. */
function showAffinity(affinity: Json | undefined): Json {
  if (!isJsonObject(affinity)) return null;
  const terms = objectsAt(affinity, "required", "nodeSelectorTerms").map(showSelectorTerm);
  return { Required: isJsonObject(affinity.required) ? { NodeSelectorTerms: terms } : null };
}

function validateStorageClass(object: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const provisioner = textAt(object, "provisioner");
  if (!provisioner) errors.push(requiredValue("provisioner"));
  else errors.push(...invalidText("provisioner", provisioner.toLowerCase(), checkQualifiedName));
  if ("" in objectAt(object, "parameters")) {
    errors.push(invalidValue("parameters", "", "field can not be empty."));
  }
  if (object.reclaimPolicy !== "")
    errors.push(...validateChoice(object.reclaimPolicy, "reclaimPolicy", reclaimPolicies));
  errors.push(
    ...validateChoice(object.volumeBindingMode, "volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
  );
  for (const [index, term] of objectsAt(object, "allowedTopologies").entries()) {
    if (objectsAt(term, "matchLabelExpressions").length > 0) continue;
    errors.push(requiredValue(`allowedTopologies[${index}].matchLabelExpressions`));
  }
  return errors;
}

function validateStorageClassUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  return ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"].flatMap((field) =>
    equalJson(object[field], old[field]) ? [] : [invalidValue(field, object[field], "field is immutable")],
  );
}

/** By collection. */
export const volumeValidators: Readonly<Record<string, Validator>> = {
  "/persistentvolumes": {
    validate: validateVolume,
    validateUpdate: validateVolumeUpdate,
    checkedTwice: true,
  },
  "storage.k8s.io/storageclasses": {
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
  },
};
