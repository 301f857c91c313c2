// Where a container sees volumes (kubernetes pkg/apis/core/validation ValidateVolumeMounts). The real server tells of
// paths inside of volumes and of modes without the mount's number.
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, notFoundValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateDescendingPath } from "../descending-path.ts";

/** Checks the mounts of a container at `path` against the pod's volumes. */
export function validateMounts(
  container: JsonObject,
  path: string,
  volumes: ReadonlyMap<string, JsonObject>,
): FieldError[] {
  const paths = new Set<string>();
  const devices = objectsAt(container, "volumeDevices");
  return objectsAt(container, "volumeMounts").flatMap((mount, index) => {
    const [nameField, pathField] = [`${path}[${index}].name`, `${path}[${index}].mountPath`];
    const name = textAt(mount, "name") ?? "";
    const mountPath = textAt(mount, "mountPath") ?? "";
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(nameField));
    if (!volumes.has(name)) errors.push(notFoundValue(nameField, name));
    if (mountPath === "") errors.push(requiredValue(pathField));
    if (paths.has(mountPath)) errors.push(invalidValue(pathField, mountPath, "must be unique"));
    paths.add(mountPath);
    if (devices.some((device) => textAt(device, "name") === name)) {
      errors.push(invalidValue(nameField, name, "must not already exist in volumeDevices"));
    }
    if (devices.some((device) => textAt(device, "devicePath") === mountPath)) {
      const detail = "must not already exist as a path in volumeDevices";
      errors.push(invalidValue(pathField, mountPath, detail));
    }
    errors.push(...validateSubPath(mount, path, index));
    const privileged = valueAt(container, "securityContext", "privileged") === true;
    return [...errors, ...validatePropagation(mount, path, privileged), ...validateReadOnly(mount, path)];
  });
}

function validateSubPath(mount: JsonObject, path: string, index: number): FieldError[] {
  const [fixed, expanded] = [textAt(mount, "subPath") ?? "", textAt(mount, "subPathExpr") ?? ""];
  const errors = validateDescendingPath(fixed, `${path}.subPath`);
  if (fixed !== "" && expanded !== "") {
    const detail = "subPathExpr and subPath are mutually exclusive";
    errors.push(invalidValue(`${path}[${index}].subPathExpr`, expanded, detail));
  }
  return [...errors, ...validateDescendingPath(expanded, `${path}.subPathExpr`)];
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function validatePropagation(mount: JsonObject, path: string, privileged: boolean): FieldError[] {
  const { mountPropagation } = mount;
  const errors = validateChoice(mountPropagation, `${path}.mountPropagation`, propagations);
  if (mountPropagation !== "Bidirectional" || privileged) return errors;
  const detail = "Bidirectional mount propagation is available only to privileged containers";
  return [...errors, forbiddenValue(`${path}.mountPropagation`, detail)];
}

/** Mounts below a mount that is read only (KEP-3857). */
function validateReadOnly(mount: JsonObject, path: string): FieldError[] {
  const { recursiveReadOnly, mountPropagation } = mount;
  const field = `${path}.recursiveReadOnly`;
  if (recursiveReadOnly !== "Enabled" && recursiveReadOnly !== "IfPossible") {
    return validateChoice(recursiveReadOnly, field, ["Disabled", "Enabled", "IfPossible"]);
  }
  const errors: FieldError[] = [];
  if (mount.readOnly !== true) {
    errors.push(forbiddenValue(field, "may only be specified when readOnly is true"));
  }
  if (mountPropagation !== undefined && mountPropagation !== "None") {
    const detail = "may only be specified when mountPropagation is None or not specified";
    errors.push(forbiddenValue(field, detail));
  }
  return errors;
}
