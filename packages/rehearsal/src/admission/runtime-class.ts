// RuntimeClass (plugin/pkg/admission/runtimeclass): what a pod takes over of its runtime class.
import { builtin, equalJson, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { numberAt, objectAt, objectsAt, textAt } from "./read-json.ts";
import { isPodCreation, refuse } from "./refuse.ts";

const runtimeClasses = builtin("node.k8s.io", "RuntimeClass");

/** A new pod gets its class's overhead, node selector and tolerations, and may say nothing else. */
export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  async admit(attributes, reader) {
    const pod = attributes.object;
    if (!isPodCreation(attributes) || !pod) return undefined;
    const chosen = classOf(attributes, pod, reader);
    if (!chosen) return undefined;
    const spec = { ...objectAt(pod, "spec") };
    if (isJsonObject(chosen.overhead)) {
      const fixed = objectAt(chosen, "overhead", "podFixed");
      if (Object.keys(objectAt(spec, "overhead")).length > 0) checkOverhead(attributes, spec, fixed);
      if (Object.keys(fixed).length > 0) spec.overhead = fixed;
      else delete spec.overhead;
    }
    if (isJsonObject(chosen.scheduling)) {
      const selector = mergeSelectors(attributes, spec, objectAt(chosen, "scheduling", "nodeSelector"));
      if (Object.keys(selector).length > 0) spec.nodeSelector = selector;
      const tolerations = mergeTolerations([
        ...objectsAt(spec, "tolerations"),
        ...objectsAt(chosen, "scheduling", "tolerations"),
      ]);
      if (tolerations.length > 0) spec.tolerations = tolerations;
    }
    return { ...pod, spec };
  },
  async validate(attributes, reader) {
    const pod = attributes.object;
    if (!isPodCreation(attributes) || !pod) return;
    const chosen = classOf(attributes, pod, reader);
    const spec = objectAt(pod, "spec");
    if (isJsonObject(chosen?.overhead)) {
      checkOverhead(attributes, spec, objectAt(chosen, "overhead", "podFixed"));
    } else if (isJsonObject(spec.overhead)) {
      const cause = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead";
      throw refuse(attributes, cause);
    }
  },
};

function classOf(
  attributes: AdmissionAttributes,
  { spec }: KubernetesObject,
  reader: AdmissionReader,
): KubernetesObject | undefined {
  const name = objectAt(spec).runtimeClassName;
  if (typeof name !== "string") return undefined;
  // The real server's own request for the class fails.
  if (name === "") throw new StatusError(500, "", "resource name may not be empty");
  const found = reader.get(runtimeClasses, undefined, name);
  if (!found) throw refuse(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
}

function checkOverhead(attributes: AdmissionAttributes, spec: JsonObject, fixed: JsonObject): void {
  if (equalJson(objectAt(spec, "overhead"), fixed)) return;
  throw refuse(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function mergeSelectors(attributes: AdmissionAttributes, spec: JsonObject, wanted: JsonObject): JsonObject {
  const own = objectAt(spec, "nodeSelector");
  for (const [key, value] of Object.entries(wanted)) {
    if (own[key] === undefined || own[key] === value) continue;
    const cause = `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`;
    throw refuse(attributes, cause);
  }
  return { ...own, ...wanted };
}

/** Of tolerations that say the same the first stays, and of one that says more than another that one (pkg/util/tolerations). */
function mergeTolerations(all: readonly JsonObject[]): JsonObject[] {
  const merged: JsonObject[] = [];
  for (const [index, one] of all.entries()) {
    if (merged.some((other) => covers(other, one))) continue;
    if (all.slice(index + 1).some((other) => !equalJson(one, other) && covers(other, one))) continue;
    merged.push(one);
  }
  return merged;
}

/** Whether a toleration tolerates all that another does. */
function covers(wide: JsonObject, narrow: JsonObject): boolean {
  if (equalJson(wide, narrow)) return true;
  const [key, effect, operator] = ["key", "effect", "operator"].map((field) => textAt(wide, field));
  if (textAt(narrow, "key") !== key && (key !== undefined || operator !== "Exists")) return false;
  if (textAt(narrow, "effect") !== effect && effect !== undefined) return false;
  const seconds = effect === "NoExecute" ? numberAt(wide, "tolerationSeconds") : undefined;
  if (seconds !== undefined) {
    const others = numberAt(narrow, "tolerationSeconds");
    if (others === undefined || others > seconds) return false;
  }
  if (operator === "Exists") return true;
  return (
    (operator === undefined || operator === "Equal") &&
    narrow.operator === "Equal" &&
    textAt(narrow, "value") === textAt(wide, "value")
  );
}
