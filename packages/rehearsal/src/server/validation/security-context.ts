// Security contexts of Pods and containers (kubernetes pkg/apis/core/validation).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, textAt, textsAt } from "../../admission/read-json.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { validateDescendingPath } from "./descending-path.ts";

/** Users and groups by number. */
export function validateIds(context: JsonObject, fields: readonly string[], path: string): FieldError[] {
  return fields.flatMap((field) => {
    const id = numberAt(context, field);
    if (id === undefined || (id >= 0 && id <= 2_147_483_647)) return [];
    return [invalidValue(`${path}.${field}`, id, "must be between 0 and 2147483647, inclusive")];
  });
}

const profiles = ["Localhost", "RuntimeDefault", "Unconfined"];

/** The seccomp profile of a context. */
export function validateSeccompProfile(context: JsonObject, path: string): FieldError[] {
  const profile = context.seccompProfile;
  if (!isJsonObject(profile)) return [];
  const at = `${path}.seccompProfile`;
  const type = textAt(profile, "type") ?? "";
  const file = profile.localhostProfile;
  const errors: FieldError[] = [];
  if (type === "") errors.push(requiredValue(`${at}.type`, "type is required when seccompProfile is set"));
  else if (!profiles.includes(type)) errors.push(unsupportedValue(`${at}.type`, type, profiles));
  if (type === "Localhost" && file === undefined) {
    errors.push(requiredValue(`${at}.localhostProfile`, "must be set when seccomp type is Localhost"));
  } else if (type !== "Localhost" && file !== undefined) {
    const detail = "can only be set when seccomp type is Localhost";
    // The real server shows the Go struct.
    errors.push(invalidValue(`${at}.localhostProfile`, { Type: type, LocalhostProfile: file }, detail));
  }
  if (type === "Localhost" && typeof file === "string") {
    errors.push(...validateDescendingPath(file, `${at}.localhostProfile`));
  }
  return errors;
}

/** The context of a container. */
export function validateSecurityContext(context: JsonObject, path: string): FieldError[] {
  const errors = validateIds(context, ["runAsUser", "runAsGroup"], path);
  const mounts = ["Default", "Unmasked"];
  const mount = textAt(context, "procMount");
  if (mount !== undefined && !mounts.includes(mount)) {
    errors.push(unsupportedValue(`${path}.procMount`, mount, mounts));
  }
  errors.push(...validateSeccompProfile(context, path));
  if (context.allowPrivilegeEscalation !== false) return errors;
  const shown = context;
  if (context.privileged === true) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
    errors.push(invalidValue(path, shown, detail));
  }
  if (textsAt(objectAt(context, "capabilities"), "add").includes("CAP_SYS_ADMIN")) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
    errors.push(invalidValue(path, shown, detail));
  }
  return errors;
}
