// PodSecurity: pods against the standard that their namespace's labels name (KEP-2579, pod-security-admission).
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { podTemplates } from "../../server/pod-templates.ts";
import { invalid } from "../../server/status-errors.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "../admission.ts";
import { objectsAt, textAt, valueAt } from "../read-json.ts";
import { refuse } from "../refuse.ts";
import { checkPod, describeViolations } from "./check-pod.ts";
import { compareLevels, type LevelVersion, policyOf, showLevel } from "./policy.ts";

const namespaces = builtin("", "Namespace");
const pods = builtin("", "Pod");

/** Subresources of pods whose writes can't make them less safe. */
const harmless = new Set("exec attach binding eviction log portforward proxy status".split(" "));
const mostPodsChecked = 3_000;

/**
 * Refuses pods that break the enforced standard and warns of pods and templates that break the one to warn of. A
 * namespace's labels must be known ones, and who enforces more is warned of the pods that are there.
 */
export const podSecurity: AdmissionPlugin = {
  name: "PodSecurity",
  async validate(attributes, reader) {
    const { type, object, namespace: name, operation } = attributes;
    if (!object || (operation !== "CREATE" && operation !== "UPDATE")) return;
    if (type.group === "" && type.resource === "namespaces") checkNamespace(attributes, reader);
    if (!name) return;
    const isPod = type.group === "" && type.resource === "pods";
    const template = isPod ? podOf(attributes) : templateOf(attributes);
    if (!template) return;
    const { enforce, warn } = policyOf(reader.get(namespaces, undefined, name));
    if (isPod) {
      const violations = checkPod(enforce, template);
      if (violations.length > 0) {
        const described = describeViolations(violations);
        throw refuse(attributes, `violates PodSecurity "${showLevel(enforce)}": ${described}`);
      }
    }
    const warnings = checkPod(warn, template);
    if (warnings.length > 0) {
      reader.warn(`would violate PodSecurity "${showLevel(warn)}": ${describeViolations(warnings)}`);
    }
  },
};

function checkNamespace(
  { type, subresource, object, oldObject }: AdmissionAttributes,
  reader: AdmissionReader,
): void {
  if (!object || subresource) return;
  const { enforce, errors } = policyOf(object);
  const old = oldObject ? policyOf(oldObject) : undefined;
  if (errors.length > 0 && JSON.stringify(errors) !== JSON.stringify(old?.errors)) {
    throw invalid(type, object.metadata.name, errors);
  }
  if (!old || enforce.level === "privileged") return;
  const isRelaxed = compareLevels(enforce.level, old.enforce.level) <= 0;
  if (enforce.version === old.enforce.version && isRelaxed) return;
  for (const warning of warnOfPods(object.metadata.name, enforce, reader)) reader.warn(warning);
}

/** Which pods of a namespace break a level, those that break it alike in one line. */
function warnOfPods(namespace: string, enforce: LevelVersion, reader: AdmissionReader): string[] {
  const all = reader.list(pods, namespace);
  const violating = new Map<string, string[]>();
  for (const pod of prioritized(all).slice(0, mostPodsChecked)) {
    const violations = checkPod(enforce, pod);
    if (violations.length === 0) continue;
    const reasons = violations.map(({ reason }) => reason).join(", ");
    violating.set(reasons, [...(violating.get(reasons) ?? []), pod.metadata.name]);
  }
  const lines = [...violating].map(([reasons, names]) => {
    const [first = ""] = names.toSorted();
    const others = names.length - 1;
    const more = others === 0 ? "" : ` (and ${others} other pod${others === 1 ? "" : "s"})`;
    return `${first}${more}: ${reasons}`;
  });
  return [
    ...(all.length > mostPodsChecked
      ? [
          `new PodSecurity enforce level only checked against the first ${mostPodsChecked} of ${all.length} existing pods`,
        ]
      : []),
    ...(lines.length > 0
      ? [
          `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${showLevel(enforce)}"`,
        ]
      : []),
    ...lines.sort(),
  ];
}

/** One pod of each controller first, then its others. */
function prioritized(all: readonly KubernetesObject[]): KubernetesObject[] {
  const seen = new Set<string>();
  const others = new Set<KubernetesObject>();
  for (const pod of all) {
    const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller)?.uid;
    if (controller === undefined) continue;
    if (seen.has(controller)) others.add(pod);
    seen.add(controller);
  }
  return [...all.filter((pod) => !others.has(pod)), ...others];
}

function templateOf({ type, subresource, object }: AdmissionAttributes): JsonObject | undefined {
  const path = podTemplates[`${type.group}/${type.resource}`];
  if (!path || subresource) return undefined;
  const template = valueAt(object, ...path);
  return typeof template === "object" && template !== null ? (template as JsonObject) : undefined;
}

/** The pod, unless the write can change nothing that is checked: of an existing one only images and containers count. */
function podOf({ subresource, operation, object, oldObject }: AdmissionAttributes): JsonObject | undefined {
  if (subresource && harmless.has(subresource)) return undefined;
  const images = (pod: KubernetesObject | undefined) =>
    ["initContainers", "containers", "ephemeralContainers"]
      .flatMap((list) =>
        objectsAt(pod, "spec", list).map((one) => `${list} ${String(one.name)} ${textAt(one, "image")}`),
      )
      .join("\n");
  return operation === "UPDATE" && images(object) === images(oldObject) ? undefined : object;
}
