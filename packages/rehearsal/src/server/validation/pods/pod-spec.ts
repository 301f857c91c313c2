// The spec of a Pod (kubernetes pkg/apis/core/validation ValidatePodSpec).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt } from "../../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-error.ts";
import { validateLabels } from "../metadata.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName, invalidText } from "../names.ts";
import { validateResources } from "../resources.ts";
import { type ContainerSurroundings, validateContainer } from "./containers.ts";
import { validateHostNetwork, validateHostPorts } from "./host-ports.ts";
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from "./pod-dns.ts";
import { validateAffinity, validateSpread } from "./pod-placement.ts";
import { validatePodResources } from "./pod-resources.ts";
import { validateHostUsers, validatePodSecurity } from "./pod-security.ts";
import { validateVolumes } from "./pod-volumes.ts";
import { validateLifecycle, validateProbes } from "./probes.ts";
import { claimNamesOf, validatePodClaims } from "./resource-claims.ts";
import { validateRestartRules } from "./restart-rules.ts";
import { validateTolerations } from "./tolerations.ts";
import { validateWindowsHostProcess } from "./windows-host-process.ts";

/**
 * Checks the spec of a pod, which stands at `spec`, or of a template, which stands deeper; `mirror`: it shows a static
 * pod of a node.
 */
export function validatePodSpec(
  spec: JsonObject,
  path: string,
  { mirror = false }: { readonly mirror?: boolean } = {},
): FieldError[] {
  const ofPod = path === "spec";
  const { known, errors } = validateVolumes(objectsAt(spec, "volumes"), `${path}.volumes`, { ofPod });
  const restartPolicy = textAt(spec, "restartPolicy");
  const claims = claimNamesOf(spec);
  const surroundings = { volumes: known, claims, hostUsers: spec.hostUsers !== false, restartPolicy };
  errors.push(...validatePodClaims(objectsAt(spec, "resourceClaims"), `${path}.resourceClaims`, { mirror }));
  errors.push(...validateContainers(spec, path, surroundings));
  errors.push(...validateInitContainers(spec, path, surroundings));
  errors.push(...validatePodResources(spec, path));
  errors.push(...validateHostNetwork(spec, path, { ofPod }));
  errors.push(...validateChoice(spec, path, "restartPolicy", ["Always", "OnFailure", "Never"]));
  errors.push(...validateChoice(spec, path, "dnsPolicy", dnsPolicies));
  errors.push(...validateLabels(spec.nodeSelector, `${path}.nodeSelector`));
  errors.push(...validatePodSecurity(spec, path));
  errors.push(...validateAffinity(objectAt(spec, "affinity"), `${path}.affinity`));
  errors.push(...validateWindowsHostProcess(spec, path));
  errors.push(...validateDnsConfig(spec, path), ...validateGates(spec, path), ...validateSpread(spec, path));
  errors.push(...validateHostUsers(spec, path));
  errors.push(...validateHostnameOverride(spec, path));
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
  const classes = {
    priorityClassName: textAt(spec, "priorityClassName"),
    runtimeClassName: stringAt(spec, "runtimeClassName"),
  };
  for (const [field, name] of Object.entries(classes)) {
    if (name !== undefined) errors.push(...invalidText(`${path}.${field}`, name, checkDnsSubdomain));
  }
  const preemption = ["PreemptLowerPriority", "Never"];
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

function validateContainers(
  spec: JsonObject,
  path: string,
  surroundings: ContainerSurroundings,
): FieldError[] {
  const containers = objectsAt(spec, "containers");
  if (containers.length === 0) return [requiredValue(`${path}.containers`)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const at = `${path}.containers[${index}]`;
    const wrong = validateContainer(container, at, surroundings);
    const name = textAt(container, "name") ?? "";
    if (names.has(name)) wrong.push(duplicateValue(`${at}.name`, name));
    names.add(name);
    return [...wrong, ...validateHooks(container, at, spec), ...validateRestartRules(container, at)];
  });
  return [...errors, ...validateHostPorts(containers, `${path}.containers`)];
}

function validateHooks(container: JsonObject, path: string, spec: JsonObject): FieldError[] {
  const grace = numberAt(spec, "terminationGracePeriodSeconds");
  const lifecycle = objectAt(container, "lifecycle");
  return [...validateLifecycle(lifecycle, `${path}.lifecycle`, grace), ...validateProbes(container, path)];
}

function validateInitContainers(
  spec: JsonObject,
  path: string,
  surroundings: ContainerSurroundings,
): FieldError[] {
  const names = new Set(objectsAt(spec, "containers").map((container) => textAt(container, "name") ?? ""));
  return objectsAt(spec, "initContainers").flatMap((container, index) => {
    const at = `${path}.initContainers[${index}]`;
    const errors = validateContainer(container, at, surroundings);
    const restarts = container.restartPolicy === "Always";
    errors.push(...validateRestartRules(container, at, true));
    const name = textAt(container, "name") ?? "";
    if (names.has(name)) errors.push(duplicateValue(`${at}.name`, name));
    else if (name) names.add(name);
    errors.push(...validateHostPorts([container], `${path}.initContainers`));
    if (restarts) return [...errors, ...validateHooks(container, at, spec)];
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
  const value = stringAt(object, field);
  if (value === undefined || supported.includes(value)) return [];
  return value === ""
    ? [requiredValue(`${path}.${field}`)]
    : [unsupportedValue(`${path}.${field}`, value, supported)];
}
