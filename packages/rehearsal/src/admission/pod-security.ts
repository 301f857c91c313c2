// PodSecurity: pods against the standard that their namespace's labels name (KEP-2579, pod-security-admission).
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { invalidValue } from "../server/field-error.ts";
import { invalid } from "../server/status-errors.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { checkPod, type PodSecurityLevel } from "./pod-security-checks.ts";
import { objectsAt, textAt, valueAt } from "./read-json.ts";
import { isPodWrite, refuse } from "./refuse.ts";

const namespaces = builtin("", "Namespace");
const pods = builtin("", "Pod");

/** Where each kind that makes pods keeps their template's spec. */
const templates: Readonly<Record<string, readonly string[]>> = {
  "apps/deployments": ["spec", "template"],
  "apps/replicasets": ["spec", "template"],
  "apps/statefulsets": ["spec", "template"],
  "apps/daemonsets": ["spec", "template"],
  "batch/jobs": ["spec", "template"],
  "batch/cronjobs": ["spec", "jobTemplate", "spec", "template"],
  "/replicationcontrollers": ["spec", "template"],
  "/podtemplates": ["template"],
};

/**
 * Refuses pods that break the enforced standard and warns of pods and templates that break the one to warn of.
 * Standards are taken in their latest version. A namespace's labels must be known ones, and who enforces more is
 * warned of the pods that are there.
 */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  async validate(attributes, reader) {
    const { object, namespace: name, operation } = attributes;
    if (isNamespaceWrite(attributes)) checkNamespace(attributes, reader);
    if (!object || !name || (operation !== "CREATE" && operation !== "UPDATE")) return;
    const isPod = isPodWrite(attributes);
    const template = isPod ? object : templateOf(attributes);
    if (!template || (isPod && operation === "UPDATE" && !changesImages(attributes))) return;
    const namespace = reader.get(namespaces, undefined, name);
    const { enforce, warn } = policyOf(namespace);
    if (isPod && enforce.level !== "privileged") {
      const violations = checkPod(enforce.level, template);
      if (violations.length > 0) {
        throw refuse(attributes, `violates PodSecurity "${show(enforce)}": ${violations.join(", ")}`);
      }
    }
    const warnings = warn.level === "privileged" ? [] : checkPod(warn.level, template);
    if (warnings.length > 0) {
      reader.warn(`would violate PodSecurity "${show(warn)}": ${warnings.join(", ")}`);
    }
  },
};

function isNamespaceWrite({ type, subresource, operation }: AdmissionAttributes): boolean {
  const writes = operation === "CREATE" || operation === "UPDATE";
  return writes && !subresource && type.group === "" && type.resource === "namespaces";
}

function checkNamespace({ type, object, oldObject }: AdmissionAttributes, reader: AdmissionReader): void {
  if (!object) return;
  const errors = ["enforce", "audit", "warn"].flatMap((mode) => {
    const label = `pod-security.kubernetes.io/${mode}`;
    const level = object.metadata.labels?.[label];
    if (level === undefined || isLevel(level)) return [];
    const detail = "must be one of privileged, baseline, restricted";
    return [invalidValue(`metadata.labels[${label}]`, level, detail)];
  });
  if (errors.length > 0) throw invalid(type, object.metadata.name, errors);
  const { enforce } = policyOf(object);
  if (!oldObject || enforce.level === policyOf(oldObject).enforce.level) return;
  const violating = new Map<string, string[]>();
  for (const pod of reader.list(pods, object.metadata.name)) {
    const reasons = checkPod(enforce.level, pod).map((text) => text.replace(/ \(.*/s, ""));
    if (reasons.length === 0) continue;
    const key = reasons.join(", ");
    violating.set(key, [...(violating.get(key) ?? []), pod.metadata.name]);
  }
  if (violating.size === 0) return;
  reader.warn(
    `existing pods in namespace "${object.metadata.name}" violate the new PodSecurity enforce level "${show(enforce)}"`,
  );
  for (const [reasons, names] of violating) {
    const others = names.length - 1;
    const more = others === 0 ? "" : ` (and ${others} other pod${others === 1 ? "" : "s"})`;
    reader.warn(`${names[0]}${more}: ${reasons}`);
  }
}

interface Policy {
  readonly level: PodSecurityLevel;
  readonly version: string;
}

/** Without a word on warnings, what is enforced is also warned of (since Kubernetes 1.26). */
function policyOf(namespace: KubernetesObject | undefined): { enforce: Policy; warn: Policy } {
  const enforce = readPolicy(namespace, "enforce", "restricted") ?? {
    level: "privileged",
    version: "latest",
  };
  return { enforce, warn: readPolicy(namespace, "warn", "privileged") ?? enforce };
}

function readPolicy(
  namespace: KubernetesObject | undefined,
  mode: string,
  unreadable: PodSecurityLevel,
): Policy | undefined {
  const labels = namespace?.metadata.labels;
  const level = labels?.[`pod-security.kubernetes.io/${mode}`];
  if (level === undefined) return undefined;
  const version = labels?.[`pod-security.kubernetes.io/${mode}-version`] ?? "latest";
  return { level: isLevel(level) ? level : unreadable, version };
}

function isLevel(text: string): text is PodSecurityLevel {
  return text === "privileged" || text === "baseline" || text === "restricted";
}

function show({ level, version }: Policy): string {
  return `${level}:${version}`;
}

function templateOf({ type, subresource, object }: AdmissionAttributes): JsonObject | undefined {
  const path = templates[`${type.group}/${type.resource}`];
  if (!path || subresource) return undefined;
  const template = valueAt(object, ...path);
  return typeof template === "object" && template !== null ? (template as JsonObject) : undefined;
}

/** Of an existing pod only images can change in a way that matters. */
function changesImages({ object, oldObject }: AdmissionAttributes): boolean {
  const images = (pod: Json | undefined) =>
    ["initContainers", "containers", "ephemeralContainers"]
      .flatMap((list) => objectsAt(pod, "spec", list).map((one) => `${list} ${textAt(one, "image")}`))
      .join("\n");
  return images(object) !== images(oldObject);
}
