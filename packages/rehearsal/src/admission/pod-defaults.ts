// Priority and DefaultTolerationSeconds: what the API server adds to every pod.
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { numberAt, objectAt, objectsAt, textAt } from "./read-json.ts";
import { isPodCreation, isPodWrite, refuse } from "./refuse.ts";

const priorityClasses = builtin("scheduling.k8s.io", "PriorityClass");

/** Priority (plugin/pkg/admission/priority): resolves `priorityClassName`, or the default class, or 0; there is one default. */
export const priority: AdmissionPlugin = {
  name: "Priority",
  async admit(attributes, reader) {
    const pod = attributes.object;
    if (!isPodCreation(attributes) || !pod) return undefined;
    const spec = objectAt(pod, "spec");
    const asked = textAt(spec, "priorityClassName");
    const chosen = asked ? reader.get(priorityClasses, undefined, asked) : defaultClass(reader);
    if (asked && !chosen) {
      throw refuse(attributes, `no PriorityClass with name ${asked} was found`);
    }
    const value = numberAt(chosen, "value") ?? 0;
    const given = numberAt(spec, "priority");
    if (given !== undefined && given !== value) {
      throw refuse(
        attributes,
        `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
      );
    }
    const preemption = textAt(chosen, "preemptionPolicy") ?? "PreemptLowerPriority";
    const { preemptionPolicy = preemption } = spec;
    if (preemptionPolicy !== preemption) {
      throw refuse(
        attributes,
        `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemption} from the given PriorityClass name`,
      );
    }
    const name = chosen?.metadata.name;
    return {
      ...pod,
      spec: {
        ...spec,
        ...(name ? { priorityClassName: name } : {}),
        priority: value,
        preemptionPolicy,
      },
    };
  },
  async validate(attributes, reader) {
    const { type, operation, object, subresource } = attributes;
    if (type.group !== priorityClasses.group || type.resource !== priorityClasses.resource) return;
    if (subresource || object?.globalDefault !== true) return;
    const present = defaultClass(reader)?.metadata.name;
    if (present === undefined || (operation === "UPDATE" && present === object.metadata.name)) return;
    throw refuse(
      attributes,
      `PriorityClass ${present} is already marked as default. Only one default can exist`,
    );
  },
};

function defaultClass(reader: AdmissionReader): KubernetesObject | undefined {
  return reader
    .list(priorityClasses)
    .filter((candidate) => candidate.globalDefault === true)
    .sort((a, b) => (numberAt(a, "value") ?? 0) - (numberAt(b, "value") ?? 0))[0];
}

const defaultTolerations = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** DefaultTolerationSeconds: a pod stays five minutes on a node that is gone, unless it says otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  async admit(attributes) {
    const pod = attributes.object;
    if (!isPodWrite(attributes) || attributes.operation === "DELETE" || !pod) return undefined;
    const spec = objectAt(pod, "spec");
    const present = objectsAt(spec, "tolerations");
    const missing = defaultTolerations.filter((key) => !present.some((entry) => tolerates(entry, key)));
    if (missing.length === 0) return undefined;
    const added = missing.map((key) => ({
      key,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    }));
    return { ...pod, spec: { ...spec, tolerations: [...present, ...added] } };
  },
};

function tolerates(toleration: JsonObject, key: string): boolean {
  const ownKey = textAt(toleration, "key");
  const effect = textAt(toleration, "effect");
  return (ownKey === undefined || ownKey === key) && (effect === undefined || effect === "NoExecute");
}
