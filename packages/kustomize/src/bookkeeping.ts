// Annotations in which kustomize keeps its books (api/resource.BuildAnnotations). Ours are fields of a Resource;
// input that carries them, as output of functions and of kustomize's own tests does, is read as kustomize does.
import { getChild, removeChild, type YamlNode } from "@slipway/yaml";
import type { Behavior, Resource } from "./resource.ts";
import { ensureMap } from "./set-value.ts";
import type { Step } from "./step.ts";

const domain = "internal.config.kubernetes.io/";

type Take = (resource: Resource, value: string) => unknown;

const nothing: Take = () => {};

const takers: ReadonlyMap<string, Take> = new Map<string, Take>([
  [`${domain}prefixes`, (resource, value) => resource.prefixes.push(...value.split(","))],
  [`${domain}suffixes`, (resource, value) => resource.suffixes.push(...value.split(","))],
  [
    `${domain}allowNameChange`,
    (resource, value) => Object.assign(resource, { allowNameChange: value === "enabled" }),
  ],
  [
    `${domain}allowKindChange`,
    (resource, value) => Object.assign(resource, { allowKindChange: value === "enabled" }),
  ],
  [
    `${domain}needsHashSuffix`,
    (resource, value) => Object.assign(resource, { needsHash: value === "enabled" }),
  ],
  [
    `${domain}generatorBehavior`,
    (resource, value) => Object.assign(resource, { behavior: behaviorOf(value) }),
  ],
  [`${domain}helm-generated`, (resource, value) => Object.assign(resource, { fromHelm: value === "true" })],
  [`${domain}previousNames`, nothing],
  [`${domain}previousKinds`, nothing],
  [`${domain}previousNamespaces`, nothing],
  [`${domain}refBy`, nothing],
  [`${domain}path`, nothing],
  [`${domain}index`, nothing],
  [`${domain}seqindent`, nothing],
  [`${domain}id`, nothing],
  [`${domain}annotations-migration-resource-id`, nothing],
  ["config.kubernetes.io/path", nothing],
  ["config.kubernetes.io/index", nothing],
  ["config.k8s.io/id", nothing],
]);

/** Takes such annotations out of an object that was just read and into the resource's fields. */
export function takeBookkeeping(resource: Resource): void {
  const metadata = getChild(resource.root, "metadata");
  const annotations = getChild(metadata, "annotations");
  if (!metadata || !annotations?.children.some((child) => takers.has(child.key))) return;
  takePreviousIds(resource, annotations);
  for (const child of [...annotations.children]) {
    const take = takers.get(child.key);
    if (!take) continue;
    take(resource, child.text);
    removeChild(annotations, child.key);
  }
  if (annotations.children.length === 0) removeChild(metadata, "annotations");
}

/** Makes the annotations of an object of which kustomize has noted something among them: a JSON patch finds them. */
export function makeAnnotations(resource: Resource, step: Step): void {
  const { previousIds, prefixes, suffixes, origin, behavior, needsHash } = resource;
  const isNoted = previousIds.length + prefixes.length + suffixes.length > 0 || origin !== null || needsHash;
  if (!isNoted && behavior === "unspecified") return;
  const metadata = ensureMap(resource.root, "metadata", step);
  ensureMap(metadata, "annotations", step);
}

function takePreviousIds(resource: Resource, annotations: YamlNode): void {
  const values = (key: string) => getChild(annotations, domain + key)?.text.split(",") ?? [];
  const kinds = values("previousKinds");
  const namespaces = values("previousNamespaces");
  values("previousNames").forEach((name, index) => {
    const kind = kinds[index];
    const namespace = namespaces[index];
    if (kind === undefined || namespace === undefined) return;
    // Group and version of an id are always those of the object.
    resource.previousIds.push({ group: "", version: "", kind, name, namespace });
  });
}

function behaviorOf(value: string): Behavior {
  return value === "create" || value === "replace" || value === "merge" ? value : "unspecified";
}
