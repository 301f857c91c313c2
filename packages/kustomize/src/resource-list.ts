// The objects of a build in order, no two with the same id.
import { cloneNode, getChild, removeChild, type YamlNode } from "@slipway/yaml";
import { describeId, idKey, printId, type ResourceId, sameId } from "./identity.ts";
import { failure, relatedPlace } from "./problem.ts";
import { currentId, metadataText, nameOf, previousIdsOf, type Resource } from "./resource.ts";
import { sameTree } from "./same-tree.ts";
import { isNilOrEmpty, isQuotedAsString, setStringMap, stringEntries } from "./set-value.ts";
import type { Step } from "./step.ts";

/**
 * Adds objects to a list; one with an id that is there already is an error that names both places. The ids are
 * looked up once, so nothing else may change the list between the first addition and the last.
 */
export function appenderTo(list: Resource[]): (added: readonly Resource[]) => void {
  const known = new Map(list.map((resource) => [idKey(currentId(resource)), resource]));
  return (added) => {
    for (const resource of added) {
      const key = idKey(currentId(resource));
      const other = known.get(key);
      if (other !== undefined) throw duplicateId(resource, other);
      known.set(key, resource);
      list.push(resource);
    }
  };
}

/** Adds objects to a list once. */
export function appendAll(list: Resource[], added: readonly Resource[]): void {
  appenderTo(list)(added);
}

/** Throws a ProblemError when two objects of a list have the same id. */
export function refuseRepeatedIds(list: readonly Resource[]): void {
  appendAll([], list);
}

function duplicateId(resource: Resource, other: Resource): Error {
  const id = currentId(resource);
  const identical = sameTree(resource.root, other.root);
  return failure("duplicate-id", `may not add resource with an already registered id: ${printId(id)}`, {
    node: placeOf(resource),
    object: describeId(id),
    related: [
      relatedPlace(identical ? "already defined here, identical" : "already defined here", placeOf(other)),
    ],
    next: identical
      ? "Remove one of the two, which are identical."
      : "Remove one of the two, or give one another name or namespace.",
  });
}

/** The node that stands for a resource in messages. */
export function placeOf(resource: Resource): YamlNode {
  const root = resource.root;
  return root.source === null ? (getChild(root, "metadata") ?? root) : root;
}

/** Takes out what patches have deleted. */
export function dropDeleted(list: Resource[]): void {
  for (let index = list.length - 1; index >= 0; index--) {
    if (isNilOrEmpty(list[index]?.root)) list.splice(index, 1);
  }
}

/** Objects one of whose ids, present or past, fits. */
export function findByAnyId(list: readonly Resource[], matches: (id: ResourceId) => boolean): Resource[] {
  return list.filter(
    (resource) =>
      !isNilOrEmpty(resource.root) && (matches(currentId(resource)) || previousIdsOf(resource).some(matches)),
  );
}

/** Objects that have, or once had, exactly this id. */
export function findById(list: readonly Resource[], id: ResourceId): Resource[] {
  // Names are compared first: they tell nearly all objects apart, and ids take time to put together.
  const namesakes = list.filter(
    (resource) =>
      nameOf(resource) === id.name || resource.previousIds.some((previous) => previous.name === id.name),
  );
  return findByAnyId(namesakes, (other) => sameId(other, id));
}

/** Adds generated objects, or merges them into the ones that they name. */
export function absorbAll(list: Resource[], generated: readonly Resource[], step: Step): void {
  for (const resource of generated) absorb(list, resource, step);
}

function absorb(list: Resource[], resource: Resource, step: Step): void {
  const id = currentId(resource);
  const matches = findById(list, id);
  const replaces = resource.behavior === "merge" || resource.behavior === "replace";
  const [old, second] = matches;
  if (old === undefined) {
    if (replaces) {
      throw failure("nothing-to-merge", `${describeId(id)} does not exist; cannot merge or replace`, {
        node: step.at,
        object: describeId(id),
        next: "Use behavior: create, or add the resource that is to be changed.",
      });
    }
    appendAll(list, [resource]);
    return;
  }
  if (second !== undefined) {
    throw failure("ambiguous", `found multiple objects that could accept merge of ${describeId(id)}`, {
      node: step.at,
      object: describeId(id),
      related: matches.map((match) => relatedPlace("one of them", placeOf(match))),
    });
  }
  if (!replaces) {
    throw failure(
      "exists",
      `${describeId(id)} exists; behavior must be merge or replace, not ${resource.behavior}`,
      { node: step.at, object: describeId(id), related: [relatedPlace("defined here", placeOf(old))] },
    );
  }
  const { behavior } = resource;
  copyMetadata(resource, old, step);
  if (behavior === "merge") {
    mergeStringMap(resource, old, "data", step);
    mergeStringMap(resource, old, "binaryData", step);
    resource.origin = old.origin ?? resource.origin;
  }
  list[list.indexOf(old)] = resource;
}

/** What a generated object takes over from the one it replaces: labels, annotations, name, build state. */
function copyMetadata(resource: Resource, old: Resource, step: Step): void {
  const metadata = getChild(resource.root, "metadata");
  const oldMetadata = getChild(old.root, "metadata");
  if (!metadata || !oldMetadata) return;
  for (const key of ["labels", "annotations"]) {
    const merged = mergedEntries(getChild(oldMetadata, key), getChild(metadata, key));
    keepNodes(metadata, key, getChild(oldMetadata, key));
    setStringMap(metadata, key, merged, step);
  }
  for (const key of ["name", "namespace"]) {
    const node = getChild(oldMetadata, key);
    const own = removeChild(metadata, key);
    if (metadataText(old.root, key) === "" || node === undefined) continue;
    // It goes into the place of its own name, the quotes of which stay.
    const quoted = own ? own.quoted : isQuotedAsString(node.text);
    metadata.children.push({ ...cloneNode(node), type: "untagged", quoted, tagged: false });
  }
  resource.previousIds = [...old.previousIds];
  resource.prefixes = [...old.prefixes];
  resource.suffixes = [...old.suffixes];
  resource.varNames = [...old.varNames];
  resource.behavior = old.behavior;
  resource.transformations = [...old.transformations];
  resource.needsHash = resource.needsHash && old.needsHash;
}

function mergeStringMap(resource: Resource, old: Resource, key: string, step: Step): void {
  const data = getChild(old.root, key);
  const merged = mergedEntries(data, getChild(resource.root, key));
  for (const child of data?.children ?? []) {
    // A null is an empty string here, where labels and annotations would keep its text.
    if (child.type === "null" && merged.get(child.key) === child.text) merged.set(child.key, "");
  }
  keepNodes(resource.root, key, getChild(old.root, key));
  setStringMap(resource.root, key, merged, step);
}

function mergedEntries(old: YamlNode | undefined, fresh: YamlNode | undefined): Map<string, string> {
  return new Map([...stringEntries(old), ...stringEntries(fresh)]);
}

/** Brings entries of an old map into the new one, so that they keep their history. */
function keepNodes(parent: YamlNode, key: string, old: YamlNode | undefined): void {
  const target = getChild(parent, key);
  if (old?.type !== "map") return;
  if (target?.type !== "map") {
    parent.children = [...parent.children.filter((child) => child.key !== key), cloneNode(old)];
    return;
  }
  const known = new Set(target.children.map((child) => child.key));
  for (const child of old.children) if (!known.has(child.key)) target.children.push(cloneNode(child));
}
