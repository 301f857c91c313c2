// One object on its way through a build.
import { getChild, positionOf, type SourcePosition, type YamlNode } from "@slipway/yaml";
import { effectiveNamespace, type Gvk, type ResourceId, splitApiVersion } from "./identity.ts";
import type { Origin } from "./origin.ts";
import { failure } from "./problem.ts";
import { isNilOrEmpty, setScalar } from "./set-value.ts";
import type { Step } from "./step.ts";

/** What a generated object does to one that is there already. */
export type Behavior = "unspecified" | "create" | "replace" | "merge";

/** An object and what kustomize remembers about it while it builds. */
export interface Resource {
  root: YamlNode;
  /** Ids that it had, oldest first. */
  previousIds: ResourceId[];
  prefixes: string[];
  suffixes: string[];
  behavior: Behavior;
  needsHash: boolean;
  allowNameChange: boolean;
  allowKindChange: boolean;
  /** Names of the vars that read from it. */
  varNames: string[];
  /** Kustomization files that it passed through, innermost first. */
  trail: string[];
  /** Where `buildMetadata` says that it comes from; null while nothing tracks it. */
  origin: Origin | null;
  /** What `buildMetadata` says has transformed it. */
  transformations: Origin[];
  /** Made by helm; kustomize leaves its namespace alone. */
  fromHelm: boolean;
}

/** A resource around a node. */
export function makeResource(root: YamlNode): Resource {
  return {
    root,
    previousIds: [],
    prefixes: [],
    suffixes: [],
    behavior: "unspecified",
    needsHash: false,
    allowNameChange: false,
    allowKindChange: false,
    varNames: [],
    trail: [],
    origin: null,
    transformations: [],
    fromHelm: false,
  };
}

export function kindOf(resource: Resource): string {
  return getChild(resource.root, "kind")?.text ?? "";
}

export function apiVersionOf(resource: Resource): string {
  return getChild(resource.root, "apiVersion")?.text ?? "";
}

export function gvkOf(resource: Resource): Gvk {
  const { group, version } = splitApiVersion(apiVersionOf(resource));
  return { group, version, kind: kindOf(resource) };
}

export function nameOf(resource: Resource): string {
  return metadataText(resource.root, "name");
}

export function namespaceOf(resource: Resource): string {
  return metadataText(resource.root, "namespace");
}

/** A text field of metadata; "" when it is not there. */
export function metadataText(root: YamlNode, key: string): string {
  const metadata = getChild(root, "metadata");
  if (isNilOrEmpty(metadata)) return "";
  const child = getChild(metadata, key);
  return isNilOrEmpty(child) ? "" : (child?.text ?? "");
}

/** The id that it has now. */
export function currentId(resource: Resource): ResourceId {
  const { group, version } = splitApiVersion(apiVersionOf(resource));
  return { group, version, kind: kindOf(resource), name: nameOf(resource), namespace: namespaceOf(resource) };
}

/** Its ids of before; group and version are always those of now, as in kustomize. */
export function previousIdsOf(resource: Resource): ResourceId[] {
  if ((resource.previousIds[0]?.name ?? "") === "") return [];
  const { group, version } = splitApiVersion(apiVersionOf(resource));
  return resource.previousIds.map((id) =>
    id.group === group && id.version === version ? id : { ...id, group, version },
  );
}

/** The id that it was read with. */
export function originalId(resource: Resource): ResourceId {
  return previousIdsOf(resource)[0] ?? currentId(resource);
}

/**
 * Remembers the id that it has now, before a change. kustomize forgets an id without a name, and can't tell ids
 * apart when only some of them have one.
 */
export function storePreviousId(resource: Resource): void {
  const id = currentId(resource);
  const [first] = resource.previousIds;
  if (first !== undefined && (first.name === "") !== (id.name === "")) {
    throw failure("no-name", "missing metadata.name in an object that is to be changed", {
      node: resource.root,
    });
  }
  resource.previousIds.push({ ...id, namespace: effectiveNamespace(id), isPast: true });
}

/** Gives it another name. */
export function rename(resource: Resource, name: string, step: Step): void {
  const node = getChild(getChild(resource.root, "metadata"), "name");
  if (node) setScalar(node, name, step);
}

/** Where it was read, or where it was asked for if it was generated. */
export function originOf(resource: Resource): SourcePosition | undefined {
  const root = resource.root;
  return positionOf(root) ?? positionOf(getChild(root, "kind"));
}
