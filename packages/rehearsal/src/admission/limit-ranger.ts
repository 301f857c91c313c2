// LimitRanger: default requests and limits of containers, and the bounds that a namespace sets.
import { builtin, parseQuantity } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { objectAt, objectsAt } from "./read-json.ts";
import { isPodCreation, refuse } from "./refuse.ts";

const limitRanges = builtin("", "LimitRange");

/** An entry of a LimitRange's `spec.limits`. */
interface Limit extends JsonObject {
  type: string;
}

/**
 * The API server's plugin of this name (plugin/pkg/admission/limitranger) for limits of type Container. Limits of
 * whole pods and of claims, and ratios of limit to request, are left out.
 */
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
    if (!isPodCreation(attributes)) return;
    const limits = limitsFor(attributes, reader);
    const containers = ["containers", "initContainers"].flatMap((list) =>
      objectsAt(attributes.object, "spec", list),
    );
    const violations = limits.flatMap((limit) => containers.flatMap((one) => violationsOf(one, limit)));
    if (violations.length === 0) return;
    throw refuse(attributes, violations.length === 1 ? `${violations[0]}` : `[${violations.join(", ")}]`);
  },
};

function limitsFor({ namespace }: AdmissionAttributes, reader: AdmissionReader): Limit[] {
  if (!namespace) return [];
  return reader
    .list(limitRanges, namespace)
    .flatMap((range) => objectsAt(range, "spec", "limits") as Limit[])
    .filter(({ type }) => type === "Container");
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

function violationsOf(container: JsonObject, limit: Limit): string[] {
  const requests = objectAt(container, "resources", "requests");
  const limits = objectAt(container, "resources", "limits");
  const texts: string[] = [];
  for (const [name, bound] of Object.entries(objectAt(limit, "min"))) {
    const asked = requests[name];
    if (asked === undefined)
      texts.push(`minimum ${name} usage per Container is ${bound}.  No request is specified`);
    else if (quantity(asked) < quantity(bound)) {
      texts.push(`minimum ${name} usage per Container is ${bound}, but request is ${asked}`);
    }
  }
  for (const [name, bound] of Object.entries(objectAt(limit, "max"))) {
    const asked = limits[name];
    if (asked === undefined)
      texts.push(`maximum ${name} usage per Container is ${bound}.  No limit is specified`);
    else if (quantity(asked) > quantity(bound)) {
      texts.push(`maximum ${name} usage per Container is ${bound}, but limit is ${asked}`);
    }
  }
  return texts;
}

function quantity(value: unknown): number {
  return parseQuantity(String(value)) ?? 0;
}
