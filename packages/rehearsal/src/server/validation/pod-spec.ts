// The spec of a Pod (kubernetes pkg/apis/core/validation ValidatePodSpec).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";
import { validateContainer, validateProbes } from "./containers.ts";
import { validateLabels } from "./metadata.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName, invalidText } from "./names.ts";
import { validateDnsConfig, validateHostAliases } from "./pod-dns.ts";
import { validateAffinity, validateSpread } from "./pod-placement.ts";
import { validateVolumes } from "./pod-volumes.ts";
import { validateResources } from "./resources.ts";
import { validateIds, validateSeccompProfile } from "./security-context.ts";
import { validateTolerations } from "./tolerations.ts";
import { validateWindowsHostProcess } from "./windows-host-process.ts";

/** Checks a pod's spec at `path`. */
export function validatePodSpec(spec: JsonObject, path: string): FieldError[] {
  const { known, errors } = validateVolumes(objectsAt(spec, "volumes"), `${path}.volumes`);
  errors.push(...validateContainers(spec, path, known), ...validateInitContainers(spec, path, known));
  errors.push(...validateChoice(spec, path, "restartPolicy", ["Always", "OnFailure", "Never"]));
  errors.push(...validateChoice(spec, path, "dnsPolicy", dnsPolicies));
  errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`));
  errors.push(...validatePodSecurity(objectAt(spec, "securityContext"), `${path}.securityContext`));
  errors.push(...validateAffinity(objectAt(spec, "affinity"), `${path}.affinity`));
  errors.push(...validateWindowsHostProcess(spec, path));
  errors.push(...validateDnsConfig(spec, path), ...validateGates(spec, path), ...validateSpread(spec, path));
  const account = textAt(spec, "serviceAccountName");
  if (account) errors.push(...invalidText(`${path}.serviceAccountName`, account, checkDnsSubdomain));
  const node = textAt(spec, "nodeName");
  if (node) errors.push(...invalidText(`${path}.nodeName`, node, checkDnsSubdomain));
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  if (deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647)) {
    const detail = "must be between 1 and 2147483647, inclusive";
    errors.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, detail));
  }
  for (const field of ["hostname", "subdomain"]) {
    const text = textAt(spec, field);
    if (text) errors.push(...invalidText(`${path}.${field}`, text, checkDnsLabel));
  }
  errors.push(...validateTolerations(objectsAt(spec, "tolerations"), `${path}.tolerations`));
  errors.push(...validateHostAliases(spec, path));
  for (const field of ["priorityClassName", "runtimeClassName"]) {
    const text = textAt(spec, field);
    if (text) errors.push(...invalidText(`${path}.${field}`, text, checkDnsSubdomain));
  }
  const preemption = ["Never", "PreemptLowerPriority"];
  errors.push(...validateChoice(spec, path, "preemptionPolicy", preemption));
  // The server checks what a pod needs besides its containers as the limits of one.
  errors.push(...validateResources({ limits: objectAt(spec, "overhead") }, `${path}.overhead`));
  return [...errors, ...validateSystem(spec, path)];
}

/** Names of what must be so before a pod is ready, and before it is scheduled. */
function validateGates(spec: JsonObject, path: string): FieldError[] {
  const gates = objectsAt(spec, "schedulingGates").map((gate) => textAt(gate, "name") ?? "");
  return [
    ...objectsAt(spec, "readinessGates").flatMap((gate, index) => {
      const place = `${path}.readinessGates[${index}].conditionType`;
      return invalidText(place, textAt(gate, "conditionType") ?? "", checkQualifiedName);
    }),
    ...gates.flatMap((name, index) => {
      const place = `${path}.schedulingGates[${index}]`;
      const errors = invalidText(place, name, checkQualifiedName);
      return gates.indexOf(name) < index ? [...errors, duplicateValue(place, name)] : errors;
    }),
  ];
}

function validateSystem(spec: JsonObject, path: string): FieldError[] {
  if (!isJsonObject(spec.os)) return [];
  const name = textAt(spec, "os", "name") ?? "";
  const systems = ["linux", "windows"];
  if (name === "") return [requiredValue(`${path}.os.name`)];
  return systems.includes(name) ? [] : [unsupportedValue(`${path}.os`, name, systems)];
}

const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

function validateContainers(spec: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const containers = objectsAt(spec, "containers");
  if (containers.length === 0) return [requiredValue(`${path}.containers`)];
  const names = new Set<string>();
  return containers.flatMap((container, index) => {
    const at = `${path}.containers[${index}]`;
    const errors = validateContainer(container, at, volumes);
    const name = textAt(container, "name") ?? "";
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    names.add(name);
    return [...errors, ...validateProbes(container, at)];
  });
}

function validateInitContainers(spec: JsonObject, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const names = new Set(objectsAt(spec, "containers").map((container) => textAt(container, "name") ?? ""));
  return objectsAt(spec, "initContainers").flatMap((container, index) => {
    const at = `${path}.initContainers[${index}]`;
    const errors = validateContainer(container, at, volumes);
    const restarts = container.restartPolicy === "Always";
    if (container.restartPolicy !== undefined && !restarts) {
      errors.push(unsupportedValue(`${at}.restartPolicy`, container.restartPolicy, ["Always"]));
    }
    const name = textAt(container, "name") ?? "";
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    else if (name) names.add(name);
    if (restarts) return [...errors, ...validateProbes(container, at)];
    for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]) {
      const detail = "may not be set for init containers without restartPolicy=Always";
      if (isJsonObject(container[field])) errors.push(forbiddenValue(`${at}.${field}`, detail));
    }
    return errors;
  });
}

function validateChoice(
  object: JsonObject,
  path: string,
  field: string,
  supported: readonly string[],
): FieldError[] {
  const value = textAt(object, field);
  if (value === undefined || supported.includes(value)) return [];
  return value === ""
    ? [requiredValue(`${path}.${field}`)]
    : [unsupportedValue(`${path}.${field}`, value, supported)];
}

function validatePodSecurity(context: JsonObject, path: string): FieldError[] {
  const errors = validateIds(context, ["fsGroup"], path);
  for (const group of Array.isArray(context.supplementalGroups) ? context.supplementalGroups : []) {
    errors.push(...validateIds({ supplementalGroups: group }, ["supplementalGroups"], path));
  }
  errors.push(...validateIds(context, ["runAsUser", "runAsGroup"], path));
  for (const [index, { name }] of objectsAt(context, "sysctls").entries()) {
    if (!name) errors.push(requiredValue(`${path}.sysctls[${index}].name`));
  }
  const policies = ["Always", "OnRootMismatch"];
  errors.push(...validateChoice(context, path, "fsGroupChangePolicy", policies));
  return [...errors, ...validateSeccompProfile(context, path)];
}
