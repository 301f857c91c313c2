// The status of claims (kubernetes pkg/apis/core/validation ValidatePersistentVolumeClaimStatusUpdate).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { objectAt } from "../../../admission/read-json.ts";
import { invalidValue, unsupportedValue } from "../../field-error.ts";
import { checkQualifiedName, invalidText } from "../names.ts";
import { amount } from "../numbers.ts";

const resizeStatuses = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
];

/** What a claim was given, and how far a change of it has come. */
export function validateClaimStatus({ status }: KubernetesObject): FieldError[] {
  return [
    ...Object.entries(objectAt(status, "capacity")).flatMap(([name, value]) =>
      validateBasicAmount(value, `status.capacity[${name}]`),
    ),
    ...Object.entries(objectAt(status, "allocatedResourceStatuses")).flatMap(([name, value]) => {
      const path = "status.allocatedResourceStatuses";
      const errors = validateClaimResource(name, path);
      if (!resizeStatuses.includes(String(value))) errors.push(unsupportedValue(path, name, resizeStatuses));
      return errors;
    }),
    ...Object.entries(objectAt(status, "allocatedResources")).flatMap(([name, value]) => {
      const path = "status.allocatedResources";
      const errors = validateClaimResource(name, path);
      return errors.length > 0 ? errors : validateBasicAmount(value, `${path}[${name}]`);
    }),
  ];
}

function validateBasicAmount(value: Json | undefined, path: string): FieldError[] {
  // A quantity as a whole number is rounded away from zero.
  const whole = Math.sign(amount(value)) * Math.ceil(Math.abs(amount(value)));
  return whole >= 0 ? [] : [invalidValue(path, whole, "must be a valid resource quantity")];
}

/** A claim is of storage, and of what others define. */
function validateClaimResource(name: string, path: string): FieldError[] {
  const errors = invalidText(path, name, checkQualifiedName);
  const isNative = !name.includes("/") || name.includes("kubernetes.io/");
  if (errors.length > 0 || !isNative || name === "storage") return errors;
  return [unsupportedValue(path, name, ["storage"])];
}
