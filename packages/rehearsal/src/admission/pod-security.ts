// PodSecurity: pods against the standard that their namespace's labels name (KEP-2579, pod-security-admission).
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import type { AdmissionAttributes, AdmissionPlugin } from "./admission.ts";
import { checkPod, type PodSecurityLevel } from "./pod-security-checks.ts";
import { objectsAt, textAt, valueAt } from "./read-json.ts";
import { isPodWrite, refuse } from "./refuse.ts";

const namespaces = builtin("", "Namespace");

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
 * Standards are taken in their latest version; changes of a namespace's own labels are not checked.
 */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  async validate(attributes, reader) {
    const { object, namespace: name, operation } = attributes;
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
  const known = level === "privileged" || level === "baseline" || level === "restricted";
  return { level: known ? level : unreadable, version };
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
