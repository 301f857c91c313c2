// What a Pod's containers share of the node and who they are there (kubernetes pkg/apis/core/validation
// validatePodSpecSecurityContext, validateHostUsers).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateChoice } from "../choices.ts";
import { validateAppArmorProfile, validateIds, validateSeccompProfile } from "./security-context.ts";
import { validateWindowsOptions } from "./windows-options.ts";

/** Checks the security context of the pod whose spec is at `path`. */
export function validatePodSecurity(spec: JsonObject, path: string): FieldError[] {
  const context = objectAt(spec, "securityContext");
  const at = `${path}.securityContext`;
  const errors = validateIds(context, ["fsGroup", "runAsUser", "runAsGroup"], at);
  const groups = Array.isArray(context.supplementalGroups) ? context.supplementalGroups : [];
  for (const [index, group] of groups.entries()) {
    const field = `supplementalGroups[${index}]`;
    errors.push(...validateIds({ [field]: group }, [field], at));
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalidValue(`${at}.shareProcessNamespace`, true, detail));
  }
  errors.push(...validateSysctls(spec, `${at}.sysctls`));
  const choose = (field: string, choices: readonly string[]) =>
    validateChoice(context[field], `${at}.${field}`, choices);
  return [
    ...errors,
    ...choose("fsGroupChangePolicy", ["Always", "OnRootMismatch"]),
    ...validateSeccompProfile(context, at),
    ...validateWindowsOptions(context, at),
    ...validateAppArmorProfile(context, at),
    ...choose("supplementalGroupsPolicy", ["Merge", "Strict"]),
    // The other one, MountOption, hangs on a feature gate.
    ...choose("seLinuxChangePolicy", ["Recursive"]),
  ];
}

const sysctl = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const shownSysctl = String.raw`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`;

function validateSysctls(spec: JsonObject, path: string): FieldError[] {
  const names = objectsAt(spec, "securityContext", "sysctls").map((entry) => textAt(entry, "name") ?? "");
  return names.flatMap((name, index) => {
    const at = `${path}[${index}].name`;
    const detail = `must have at most 253 characters and match regex ${shownSysctl}`;
    const errors: FieldError[] = [];
    if (name === "") errors.push(requiredValue(at));
    else if (name.length > 253 || !sysctl.test(name)) errors.push(invalidValue(at, name, detail));
    else if (names.indexOf(name) < index) errors.push(duplicateValue(at, name));
    const sharing = sharedWithNode(name, spec);
    if (sharing) errors.push(invalidValue(at, name, `may not be specified when '${sharing}' is true`));
    return errors;
  });
}

const ofMessages =
  /^(kernel\.(sem|shm|shmall|shmmax|shmmni|shm_rmid_forced|msg|msgmax|msgmnb|msgmni)$|fs\.mqueue\.)/;

/** What makes a parameter the node's own (component-helpers node/util/sysctl). */
function sharedWithNode(name: string, spec: JsonObject): string | undefined {
  const first = name.search(/[./]/);
  // A slash as the first separator stands for dots, and dots for slashes.
  const swapped = name.replace(/[./]/g, (separator) => (separator === "." ? "/" : "."));
  const normal = name[first] === "/" ? swapped : name;
  if (spec.hostNetwork === true && normal.startsWith("net.")) return "hostNetwork";
  return spec.hostIPC === true && ofMessages.test(normal) ? "hostIPC" : undefined;
}

/** Users of its own go with none of the node's namespaces. */
export function validateHostUsers(spec: JsonObject, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  // Two of the fields the real server writes like Go's.
  const shared = { hostNetwork: "hostNetwork", hostPID: "HostPID", hostIPC: "HostIPC" };
  const errors = Object.entries(shared).flatMap(([field, shown]) =>
    spec[field] === true ? [forbiddenValue(`${path}.${shown}`, "when `hostUsers` is false")] : [],
  );
  for (const list of ["initContainers", "containers"]) {
    for (const [index, container] of objectsAt(spec, list).entries()) {
      if (objectsAt(container, "volumeDevices").length === 0) continue;
      errors.push(forbiddenValue(`${path}.${list}[${index}].volumeDevices`, "when `hostUsers` is false"));
    }
  }
  return errors;
}
