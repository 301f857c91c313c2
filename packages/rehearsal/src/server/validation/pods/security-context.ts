// Security contexts of Pods and containers (kubernetes pkg/apis/core/validation).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, tooLong, unsupportedValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateDescendingPath } from "../descending-path.ts";
import { validateWindowsOptions } from "./windows-options.ts";

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

const longestProfile = 4095;

/** The AppArmor profile of a context. */
export function validateAppArmorProfile(context: JsonObject, path: string): FieldError[] {
  const profile = context.appArmorProfile;
  if (!isJsonObject(profile)) return [];
  const at = `${path}.appArmorProfile`;
  const type = textAt(profile, "type") ?? "";
  const file = profile.localhostProfile;
  if (type === "") return [requiredValue(`${at}.type`, "type is required when appArmorProfile is set")];
  if (!profiles.includes(type)) return [unsupportedValue(`${at}.type`, type, profiles)];
  const place = `${at}.localhostProfile`;
  if (type !== "Localhost") {
    const detail = "can only be set when AppArmor type is Localhost";
    return file === undefined ? [] : [invalidValue(place, file, detail)];
  }
  if (typeof file !== "string" || file === "") {
    return [requiredValue(place, "must be set when AppArmor type is Localhost")];
  }
  const errors: FieldError[] = [];
  if (file.trim() !== file) errors.push(invalidValue(place, file, "must not be padded with whitespace"));
  if (file.length > longestProfile) errors.push(tooLong(place, longestProfile));
  return errors;
}

/** The context of a container; `hostUsers`: its users are those of the node. */
export function validateSecurityContext(
  context: JsonObject,
  path: string,
  { hostUsers }: { readonly hostUsers: boolean },
): FieldError[] {
  const errors = validateIds(context, ["runAsUser", "runAsGroup"], path);
  const mount = context.procMount;
  errors.push(...validateChoice(mount, `${path}.procMount`, ["Default", "Unmasked"]));
  if (hostUsers && mount === "Unmasked") {
    errors.push(invalidValue(`${path}.procMount`, mount, "`hostUsers` must be false to use `Unmasked`"));
  }
  errors.push(...validateSeccompProfile(context, path), ...validateEscalation(context, path));
  return [...errors, ...validateWindowsOptions(context, path), ...validateAppArmorProfile(context, path)];
}

function validateEscalation(context: JsonObject, path: string): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const errors: FieldError[] = [];
  const shown = asGoShowsIt(context);
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

/** The context as the real server's internal type, which has every field and capital letters. */
function asGoShowsIt(context: JsonObject): JsonObject {
  const part = (field: string, keys: Readonly<Record<string, string>>, empty: Json = null): Json => {
    const value = context[field];
    if (!isJsonObject(value)) return null;
    return Object.fromEntries(Object.entries(keys).map(([key, name]) => [name, value[key] ?? empty]));
  };
  const profile = { type: "Type", localhostProfile: "LocalhostProfile" };
  return {
    Capabilities: part("capabilities", { add: "Add", drop: "Drop" }),
    Privileged: context.privileged ?? null,
    SELinuxOptions: part("seLinuxOptions", { user: "User", role: "Role", type: "Type", level: "Level" }, ""),
    WindowsOptions: part("windowsOptions", {
      gmsaCredentialSpecName: "GMSACredentialSpecName",
      gmsaCredentialSpec: "GMSACredentialSpec",
      runAsUserName: "RunAsUserName",
      hostProcess: "HostProcess",
    }),
    RunAsUser: context.runAsUser ?? null,
    RunAsGroup: context.runAsGroup ?? null,
    RunAsNonRoot: context.runAsNonRoot ?? null,
    ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
    AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
    ProcMount: context.procMount ?? null,
    SeccompProfile: part("seccompProfile", profile),
    AppArmorProfile: part("appArmorProfile", profile),
  };
}
