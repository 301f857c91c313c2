// PersistentVolumes (kubernetes pkg/apis/core/validation ValidatePersistentVolume…).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { objectAt, stringAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue } from "../../field-error.ts";
import type { Validator } from "../validator.ts";
import { validateAffinityUpdate } from "./volume-affinity.ts";
import { validateMountOptions, validateSourceUpdate } from "./volume-source.ts";
import { validateVolumeSpec } from "./volume-spec.ts";

function validateVolume(volume: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const errors = validateVolumeSpec(objectAt(volume, "spec"), volume.metadata.name);
  return old ? errors : [...errors, ...validateMountOptions(volume)];
}

function validateVolumeUpdate(volume: KubernetesObject, old: KubernetesObject): FieldError[] {
  const errors = validateSourceUpdate(volume, old);
  const [now, before] = [valueAt(volume, "spec", "volumeMode"), valueAt(old, "spec", "volumeMode")];
  if (now !== before) errors.push(invalidValue("volumeMode", now, "field is immutable"));
  const [nodes, kept] = [volume, old].map((one) => valueAt(one, "spec", "nodeAffinity"));
  errors.push(...validateAffinityUpdate(nodes, kept));
  const [attributes, earlier] = [volume, old].map((one) =>
    stringAt(one, "spec", "volumeAttributesClassName"),
  );
  if (earlier !== undefined && attributes === undefined) {
    const detail = "update from non-nil value to nil is forbidden";
    errors.push(forbiddenValue("spec.volumeAttributesClassName", detail));
  }
  return errors;
}

/** By collection. */
export const volumeValidators: Readonly<Record<string, Validator>> = {
  "/persistentvolumes": {
    validate: validateVolume,
    betweenChecks: validateMountOptions,
    validateUpdate: validateVolumeUpdate,
  },
};
