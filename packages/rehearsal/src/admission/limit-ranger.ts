// LimitRanger: default requests and limits of containers, and the bounds that a namespace sets.
import { builtin, type KubernetesObject, parseQuantity } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { podResources } from "../builtin/pod-resources.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { objectAt, objectsAt } from "./read-json.ts";
import { isPodCreation, refuse } from "./refuse.ts";

const limitRanges = builtin("", "LimitRange");

/** An entry of a LimitRange's `spec.limits`. */
interface Limit extends JsonObject {
  type: string;
}

/** The API server's plugin of this name (plugin/pkg/admission/limitranger). */
export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  async admit(attributes, reader) {
    const pod = attributes.object;
    const limits = isPodCreation(attributes) ? limitsFor(attributes, reader) : [];
    if (!pod || limits.length === 0) return undefined;
    const spec = objectAt(pod, "spec");
    const changed: JsonObject = { ...spec };
    const added: string[] = [];
    for (const list of ["initContainers", "containers"]) {
      if (!Array.isArray(spec[list])) continue;
      const word = list === "containers" ? "container" : "init container";
      changed[list] = objectsAt(spec, list).map((container) => {
        const filled = withDefaults(container, limits);
        added.push(...filled.added.map((text) => `${text} for ${word} ${container.name}`));
        return filled.container;
      });
    }
    if (added.length === 0) return undefined;
    const annotations = {
      ...pod.metadata.annotations,
      "kubernetes.io/limit-ranger": `LimitRanger plugin set: ${added.join("; ")}`,
    };
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec: changed };
  },
  async validate(attributes, reader) {
    const violationsOfRange = isPodCreation(attributes)
      ? podViolations
      : isClaimWrite(attributes)
        ? claimViolations
        : undefined;
    if (!violationsOfRange || !attributes.namespace) return;
    // One range after the other is asked; what the later ones would say is not told.
    for (const range of reader.list(limitRanges, attributes.namespace)) {
      const violations = violationsOfRange(attributes, range);
      if (violations.length === 0) continue;
      throw refuse(attributes, violations.length === 1 ? `${violations[0]}` : `[${violations.join(", ")}]`);
    }
  },
};

function isClaimWrite({ type, subresource, operation }: AdmissionAttributes): boolean {
  const writes = operation === "CREATE" || operation === "UPDATE";
  return writes && !subresource && type.group === "" && type.resource === "persistentvolumeclaims";
}

function limitsFor({ namespace }: AdmissionAttributes, reader: AdmissionReader): Limit[] {
  if (!namespace) return [];
  return reader.list(limitRanges, namespace).flatMap((range) => limitsIn(range, "Container"));
}

function limitsIn(range: KubernetesObject, type: string): Limit[] {
  return (objectsAt(range, "spec", "limits") as Limit[]).filter((limit) => limit.type === type);
}

function podViolations(attributes: AdmissionAttributes, range: KubernetesObject): string[] {
  const containers = objectsAt(attributes.object, "spec", "containers");
  const initial = objectsAt(attributes.object, "spec", "initContainers");
  const resources = [...containers, ...initial].map((one) => objectAt(one, "resources"));
  const wholeOf = (part: "requests" | "limits") =>
    Object.fromEntries(podResources(objectAt(attributes.object, "spec"), part));
  return [
    ...limitsIn(range, "Container").flatMap((limit) => resources.flatMap((one) => violationsOf(one, limit))),
    ...limitsIn(range, "Pod").flatMap((limit) =>
      violationsOf({ requests: wholeOf("requests"), limits: wholeOf("limits") }, limit),
    ),
  ];
}

function claimViolations(attributes: AdmissionAttributes, range: KubernetesObject): string[] {
  const requests = objectAt(attributes.object, "spec", "resources", "requests");
  return limitsIn(range, "PersistentVolumeClaim").flatMap((limit) => {
    const { storage } = requests;
    const [least, most] = [objectAt(limit, "min").storage, objectAt(limit, "max").storage];
    const usage = "storage usage per PersistentVolumeClaim is";
    if (storage === undefined) return [];
    if (least !== undefined && quantity(storage) < quantity(least)) {
      return [`minimum ${usage} ${least}, but request is ${storage}`];
    }
    if (most !== undefined && quantity(storage) > quantity(most)) {
      return [`maximum ${usage} ${most}, but request is ${storage}`];
    }
    return [];
  });
}

/** A request that is not said is the default one, and a limit likewise. */
function withDefaults(
  container: JsonObject,
  limits: readonly Limit[],
): { readonly container: JsonObject; readonly added: string[] } {
  const resources = objectAt(container, "resources");
  const requests = { ...objectAt(resources, "requests") };
  const wanted = { ...objectAt(resources, "limits") };
  const added: string[] = [];
  const fill = (into: JsonObject, defaults: JsonObject, word: string) => {
    const names = Object.keys(defaults).filter((name) => into[name] === undefined);
    for (const name of names) into[name] = defaults[name];
    if (names.length > 0) added.push(`${names.sort().join(", ")} ${word}`);
  };
  for (const limit of limits) {
    fill(requests, objectAt(limit, "defaultRequest"), "request");
    fill(wanted, objectAt(limit, "default"), "limit");
  }
  if (added.length === 0) return { container, added };
  return { container: { ...container, resources: { ...resources, requests, limits: wanted } }, added };
}

function violationsOf(resources: JsonObject, limit: Limit): string[] {
  const requests = objectAt(resources, "requests");
  const limits = objectAt(resources, "limits");
  const { type } = limit;
  const texts: string[] = [];
  for (const [name, bound] of Object.entries(objectAt(limit, "min"))) {
    const asked = requests[name];
    if (asked === undefined)
      texts.push(`minimum ${name} usage per ${type} is ${bound}.  No request is specified`);
    else if (quantity(asked) < quantity(bound)) {
      texts.push(`minimum ${name} usage per ${type} is ${bound}, but request is ${asked}`);
    }
  }
  for (const [name, bound] of Object.entries(objectAt(limit, "max"))) {
    const asked = limits[name];
    if (asked === undefined)
      texts.push(`maximum ${name} usage per ${type} is ${bound}.  No limit is specified`);
    else if (quantity(asked) > quantity(bound)) {
      texts.push(`maximum ${name} usage per ${type} is ${bound}, but limit is ${asked}`);
    }
  }
  for (const [name, bound] of Object.entries(objectAt(limit, "maxLimitRequestRatio"))) {
    const [asked, most] = [quantity(requests[name] ?? 0), quantity(limits[name] ?? 0)];
    const about = `${name} max limit to request ratio per ${type} is ${bound}, but`;
    if (most === 0) texts.push(`${about} no limit is specified or limit is 0`);
    else if (asked === 0) texts.push(`${about} no request is specified or request is 0`);
    else if (most / asked > quantity(bound)) {
      texts.push(`${about} provided ratio is ${(most / asked).toFixed(6)}`);
    }
  }
  return texts;
}

function quantity(value: unknown): number {
  return parseQuantity(String(value)) ?? 0;
}
