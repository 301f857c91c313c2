// What the server advises about an object that it takes (each strategy's WarningsOnCreate).
import { type KubernetesObject, parseQuantity } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import type { ServedType } from "../registry.ts";

/** Where each kind has its Pod's spec; the path is also what the warnings say. */
const podSpecs: Readonly<Record<string, readonly string[]>> = {
  "/pods": ["spec"],
  "/podtemplates": ["template", "spec"],
  "/replicationcontrollers": ["spec", "template", "spec"],
  "apps/replicasets": ["spec", "template", "spec"],
  "apps/deployments": ["spec", "template", "spec"],
  "apps/statefulsets": ["spec", "template", "spec"],
  "apps/daemonsets": ["spec", "template", "spec"],
  "batch/jobs": ["spec", "template", "spec"],
  "batch/cronjobs": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/**
 * Advice about fractions of bytes in what containers ask for, about profiles in annotations, and about formats of
 * schemas that mean nothing; `old` is what the object replaces.
 */
export function writeWarnings(
  { collection }: ServedType,
  object: KubernetesObject,
  old?: KubernetesObject,
): string[] {
  if (collection === "apiextensions.k8s.io/customresourcedefinitions") return formatWarnings(object);
  const path = podSpecs[collection];
  if (!path) return [];
  const unchanged = old !== undefined && old.metadata.generation === object.metadata.generation;
  const template = objectAt(object, ...path.slice(0, -1));
  return [
    ...(path.length > 1 && !unchanged ? profileWarnings(template, path.slice(0, -1).join(".")) : []),
    ...byteWarnings(objectAt(object, ...path), path.join(".")),
  ];
}

const appArmor = "container.apparmor.security.beta.kubernetes.io/";

/** Containers of a template whose profile stands in an annotation only. */
function profileWarnings(template: JsonObject, path: string): string[] {
  const annotations = objectAt(template, "metadata", "annotations");
  return ["initContainers", "containers"].flatMap((list) =>
    objectsAt(objectAt(template, "spec"), list).flatMap((container) => {
      const key = `${appArmor}${textAt(container, "name") ?? ""}`;
      if (annotations[key] === undefined) return [];
      if ("appArmorProfile" in objectAt(container, "securityContext")) return [];
      return [
        `${path}.metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`,
      ];
    }),
  );
}

function byteWarnings(spec: JsonObject, path: string): string[] {
  return ["initContainers", "containers"].flatMap((list) =>
    objectsAt(spec, list).flatMap((container, index) =>
      ["limits", "requests"].flatMap((part) =>
        ["memory", "ephemeral-storage"].flatMap((resource) => {
          const value = textAt(container, "resources", part, resource);
          if (value === undefined || isWhole(value)) return [];
          return `${path}.${list}[${index}].resources.${part}[${resource}]: fractional byte value ${JSON.stringify(value)} is invalid, must be an integer`;
        }),
      ),
    ),
  );
}

function isWhole(value: string): boolean {
  return Number.isInteger(Number(parseQuantity(value)));
}

/** Formats of text that mean something (kube-openapi pkg/validation/strfmt, without `-`). */
const formats = new Set(
  "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password date duration datetime".split(
    " ",
  ),
);

function formatWarnings(definition: KubernetesObject): string[] {
  const unknown = new Set<string>();
  const look = (schema: Json | undefined): void => {
    if (Array.isArray(schema)) schema.forEach(look);
    if (!isJsonObject(schema)) return;
    const { format, type } = schema;
    if (type === "string" && typeof format === "string" && !formats.has(format.replaceAll("-", ""))) {
      unknown.add(format);
    }
    for (const value of Object.values(schema)) look(value);
  };
  for (const version of objectsAt(definition, "spec", "versions")) look(objectAt(version, "schema"));
  return [...unknown].map((format) => `unrecognized format ${JSON.stringify(format)}`);
}
