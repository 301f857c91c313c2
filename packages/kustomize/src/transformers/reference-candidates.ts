// The objects that a name reference can mean.
import { getChild, printedType, type YamlNode } from "@slipway/yaml";
import {
  clusterNamespace,
  describeId,
  effectiveNamespace,
  type Gvk,
  isClusterScoped,
  isSelectedBy,
  type ResourceId,
} from "../identity.ts";
import { failure } from "../problem.ts";
import { currentId, kindOf, originalId, previousIdsOf, type Resource } from "../resource.ts";

/** What is known of one object while references are followed. Names and ids do not change then. */
export interface Candidate {
  readonly resource: Resource;
  readonly id: ResourceId;
  readonly namespace: string;
  readonly previous: readonly ResourceId[];
  readonly originalNamespace: string;
}

/** All objects of a build, found by what they once were. */
export interface Candidates {
  readonly all: readonly Candidate[];
  /** By each name that they had before. */
  readonly byPreviousName: ReadonlyMap<string, readonly Candidate[]>;
  /** For each namespace that objects had at first, where they are now. */
  readonly byOriginalNamespace: ReadonlyMap<string, Whereabouts>;
}

/** Namespaces: the ones that count, and as they are written. */
interface Whereabouts {
  readonly effective: Set<string>;
  readonly written: Set<string>;
}

/** A field that may hold the name of an object, and all that could be meant. */
export interface Reference {
  readonly referrer: Candidate;
  readonly target: Gvk;
  readonly path: string;
  readonly among: Candidates;
  /** Namespaces other than its own that a role binding reaches. */
  readonly reach: ReadonlySet<string>;
}

/** Looks all objects over once. */
export function indexCandidates(resources: readonly Resource[]): Candidates {
  const all = resources.map(describe);
  return { all, byPreviousName: byPreviousName(all), byOriginalNamespace: byOriginalNamespace(all) };
}

function describe(resource: Resource): Candidate {
  const id = currentId(resource);
  return {
    resource,
    id,
    namespace: effectiveNamespace(id),
    previous: previousIdsOf(resource),
    originalNamespace: effectiveNamespace(originalId(resource)),
  };
}

function byPreviousName(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const index = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    for (const name of new Set(candidate.previous.map((id) => id.name))) {
      const list = index.get(name);
      if (list) list.push(candidate);
      else index.set(name, [candidate]);
    }
  }
  return index;
}

/** Namespaces of the service accounts among a role binding's subjects. */
export function reachOf(resource: Resource): ReadonlySet<string> {
  const reach = new Set<string>();
  if (kindOf(resource) !== "RoleBinding") return reach;
  for (const subject of getChild(resource.root, "subjects")?.children ?? []) {
    const namespace = getChild(subject, "namespace");
    if (namespace === undefined || getChild(subject, "kind")?.text !== "ServiceAccount") continue;
    if ((namespace.type === "untagged" ? printedType(namespace) : namespace.type) !== "string") {
      const id = describeId(currentId(resource));
      throw failure("blank-namespace", `Invalid Input: namespace is blank for resource ${id}`, {
        node: namespace,
        object: id,
        next: "Name the service account's namespace, or take the key out.",
      });
    }
    reach.add(namespace.text);
  }
  return reach;
}

function byOriginalNamespace(candidates: readonly Candidate[]): Map<string, Whereabouts> {
  const index = new Map<string, Whereabouts>();
  for (const { id, namespace, originalNamespace } of candidates) {
    const now = index.get(originalNamespace) ?? { effective: new Set(), written: new Set() };
    index.set(originalNamespace, now);
    now.effective.add(namespace);
    now.written.add(id.namespace);
  }
  return index;
}

/** True when an object that the referrer can reach was in the namespace at first. */
function reachesFrom({ among, referrer, reach }: Reference, namespace: string): boolean {
  const now = among.byOriginalNamespace.get(namespace);
  if (now === undefined) return false;
  return (
    isClusterScoped(referrer.id) ||
    now.effective.has(referrer.namespace) ||
    [...reach].some((one) => now.written.has(one))
  );
}

/** Objects of the right kind that had the name and that the referrer can reach. */
export function candidatesFor(reference: Reference, oldName: string): Candidate[] {
  const { referrer, target } = reference;
  const roleRef = roleRefOf(reference);
  const referrerIsCluster = isClusterScoped(referrer.id);
  const found = (reference.among.byPreviousName.get(oldName) ?? []).filter((candidate) => {
    if (!candidate.previous.some((id) => isSelectedBy(id, target))) return false;
    if (roleRef && !candidate.previous.some((id) => isSelectedBy(id, roleRef))) return false;
    if (referrerIsCluster || isClusterScoped(candidate.id)) return true;
    if (candidate.namespace === referrer.namespace) return true;
    // Beyond its namespace a role binding reaches service accounts only.
    return reference.reach.has(candidate.id.namespace) && candidate.id.kind === "ServiceAccount";
  });
  return found;
}

/** A map that names a namespace means the object that was there first, else the one that is there now. */
export function candidatesInNamespace(
  reference: Reference,
  node: YamlNode,
  candidates: Candidate[],
): Candidate[] {
  const namespace = getChild(node, "namespace");
  if (namespace === undefined) return candidates;
  const key = reachesFrom(reference, namespace.text) ? "originalNamespace" : "namespace";
  return candidates.filter(
    (candidate) => candidate[key] === namespace.text && candidate[key] !== clusterNamespace,
  );
}

/** A role binding's own word on which kind its role is of. */
function roleRefOf(reference: Reference): Gvk | null {
  if (!reference.path.endsWith("roleRef/name")) return null;
  const roleRef = getChild(reference.referrer.resource.root, "roleRef");
  const group = getChild(roleRef, "apiGroup");
  const kind = getChild(roleRef, "kind");
  if (group === undefined || kind === undefined) return null;
  return { group: group.text, version: "", kind: kind.text };
}
