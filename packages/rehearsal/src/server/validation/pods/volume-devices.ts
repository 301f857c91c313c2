// Volumes that a container gets as block devices (kubernetes pkg/apis/core/validation ValidateVolumeDevices).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, notFoundValue, requiredValue } from "../../field-error.ts";

/** Checks the devices of a container at `path` against the pod's volumes. */
export function validateDevices(
  container: JsonObject,
  path: string,
  volumes: ReadonlyMap<string, JsonObject>,
): FieldError[] {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  const mounts = objectsAt(container, "volumeMounts");
  return objectsAt(container, "volumeDevices").flatMap((device, index) => {
    const [nameField, pathField] = [`${path}[${index}].name`, `${path}[${index}].devicePath`];
    const name = textAt(device, "name") ?? "";
    const devicePath = textAt(device, "devicePath") ?? "";
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(nameField));
    if (names.has(name)) errors.push(invalidValue(nameField, name, "must be unique"));
    const volume = volumes.get(name);
    if (volume && !isJsonObject(volume.persistentVolumeClaim) && !isJsonObject(volume.ephemeral)) {
      const detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      errors.push(invalidValue(nameField, name, detail));
    }
    if (!volume) errors.push(notFoundValue(nameField, name));
    if (devicePath === "") errors.push(requiredValue(pathField));
    if (paths.has(devicePath)) errors.push(invalidValue(pathField, devicePath, "must be unique"));
    if (devicePath.split("/").includes("..")) {
      errors.push(invalidValue(pathField, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (mounts.some((mount) => textAt(mount, "name") === name)) {
      errors.push(invalidValue(nameField, name, "must not already exist in volumeMounts"));
    }
    if (mounts.some((mount) => textAt(mount, "mountPath") === devicePath)) {
      const detail = "must not already exist as a path in volumeMounts";
      errors.push(invalidValue(pathField, devicePath, detail));
    }
    if (name !== "") names.add(name);
    return errors;
  });
}
