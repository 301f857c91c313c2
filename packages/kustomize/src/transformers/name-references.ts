// Follows renames: fields that hold the name of a renamed object get the new one (kustomize: api/filters/nameref).
import { getChild, isScalar, type YamlNode } from "@slipway/yaml";
import { visitFields } from "../field-spec.ts";
import {
  clusterNamespace,
  describeId,
  effectiveNamespace,
  type Gvk,
  isClusterScoped,
  isSelectedBy,
  type ResourceId,
} from "../identity.ts";
import { failure, relatedPlace, withContext } from "../problem.ts";
import {
  currentId,
  gvkOf,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  previousIdsOf,
  type Resource,
} from "../resource.ts";
import { placeOf } from "../resource-list.ts";
import { confirmScalar, setEntry, setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import type { FieldSpec, NameReference } from "../transformer-config.ts";

/** What is known of one object while references are followed. Names and ids do not change then. */
interface Candidate {
  readonly resource: Resource;
  readonly id: ResourceId;
  readonly namespace: string;
  readonly previous: readonly ResourceId[];
  readonly originalNamespace: string;
}

/** Candidates by each name that they had before. */
type Index = ReadonlyMap<string, readonly Candidate[]>;

interface Reference {
  readonly referrer: Candidate;
  readonly target: Gvk;
  readonly path: string;
  readonly index: Index;
  /** Namespaces other than its own that a role binding reaches. */
  readonly reach: ReadonlySet<string>;
  /** Namespaces that objects in its reach had at first. */
  readonly originalNamespaces: () => ReadonlySet<string>;
}

/** Rewrites all references in all objects. */
export function fixNameReferences(
  resources: readonly Resource[],
  references: readonly NameReference[],
): void {
  const candidates = resources.map(describe);
  const index = indexByPreviousName(candidates);
  const specsByKind = groupByKind(references);
  for (const referrer of candidates) {
    const original = originalId(referrer.resource);
    const specs = [...(specsByKind.get(original.kind) ?? []), ...(specsByKind.get("") ?? [])].sort(
      (left, right) => left.order - right.order,
    );
    if (specs.length === 0) continue;
    const reach = reachOf(referrer.resource);
    const gvk = gvkOf(referrer.resource);
    let originals: ReadonlySet<string> | undefined;
    const originalNamespaces = () => {
      originals ??= originalNamespacesInReach(candidates, referrer, reach);
      return originals;
    };
    for (const { spec, target } of specs) {
      if (!isSelectedBy(original, spec)) continue;
      const reference: Reference = { referrer, target, path: spec.path, index, reach, originalNamespaces };
      follow(reference, { ...spec, ...gvk });
    }
  }
}

interface OrderedSpec {
  readonly spec: FieldSpec;
  readonly target: Gvk;
  readonly order: number;
}

function groupByKind(references: readonly NameReference[]): Map<string, OrderedSpec[]> {
  const groups = new Map<string, OrderedSpec[]>();
  let order = 0;
  for (const target of references) {
    for (const spec of target.referrers) {
      const group = groups.get(spec.kind);
      const entry = { spec, target, order: order++ };
      if (group) group.push(entry);
      else groups.set(spec.kind, [entry]);
    }
  }
  return groups;
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

function indexByPreviousName(candidates: readonly Candidate[]): Index {
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
function reachOf(resource: Resource): ReadonlySet<string> {
  const reach = new Set<string>();
  if (kindOf(resource) !== "RoleBinding") return reach;
  for (const subject of getChild(resource.root, "subjects")?.children ?? []) {
    const namespace = getChild(subject, "namespace");
    if (namespace === undefined || getChild(subject, "kind")?.text !== "ServiceAccount") continue;
    if (namespace.type !== "string") {
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

function originalNamespacesInReach(
  candidates: readonly Candidate[],
  referrer: Candidate,
  reach: ReadonlySet<string>,
): ReadonlySet<string> {
  const all = isClusterScoped(referrer.id);
  const near = candidates.filter(
    (one) => all || one.namespace === referrer.namespace || reach.has(one.id.namespace),
  );
  return new Set(near.map((one) => one.originalNamespace));
}

function follow(reference: Reference, spec: FieldSpec): void {
  const { resource, id } = reference.referrer;
  try {
    visitFields(resource.root, spec, {
      set: (node) => update(reference, node),
      step: { kind: "name-reference", at: null },
    });
  } catch (error) {
    const message = `updating name reference in '${spec.path}' field of ${describeId(id)}`;
    throw withContext(error, message, placeOf(resource));
  }
}

function update(reference: Reference, node: YamlNode): void {
  if (node.type === "null") return;
  if (node.type === "list") {
    for (const item of node.children) {
      if (item.type === "null") continue;
      if (item.type === "list")
        throw failure("wrong-kind", "expected a name or a map with a name", { node: item });
      update(reference, item);
    }
    return;
  }
  if (isScalar(node)) updateScalar(reference, node);
  else updateMap(reference, node);
}

function updateScalar(reference: Reference, node: YamlNode): void {
  const candidates = candidatesFor(reference, node.text);
  const referral = select(
    reference,
    candidates,
    (list) => new Set(list.map((one) => one.id.name)).size === 1,
  );
  if (referral === null) return;
  const name = nameOf(referral.resource);
  if (name !== node.text) setScalar(node, name, stepOf(referral, "name"));
}

function updateMap(reference: Reference, node: YamlNode): void {
  const nameNode = getChild(node, "name");
  if (nameNode === undefined) {
    throw failure("wrong-config", "path config error; no 'name' field in node", { node });
  }
  const inNamespace = candidatesInNamespace(reference, node, candidatesFor(reference, nameNode.text));
  const referral = select(reference, inNamespace, (list) => {
    return new Set(list.map((one) => `${one.id.namespace}/${one.id.name}`)).size === 1;
  });
  if (referral === null) return;
  const name = nameOf(referral.resource);
  const namespace = namespaceOf(referral.resource);
  if (name === nameNode.text && namespace === "") return;
  if (name !== nameNode.text) setScalar(nameNode, name, stepOf(referral, "name"));
  if (namespace === "") return;
  const existing = getChild(node, "namespace");
  const step = stepOf(referral, "namespace");
  if (existing === undefined) setEntry(node, "namespace", namespace, step);
  else if (existing.text !== namespace) setScalar(existing, namespace, step);
  else confirmScalar(existing, step);
}

/** The step's place is the name, or the namespace, of the object that is referred to. */
function stepOf({ resource: { root } }: Candidate, key: "name" | "namespace"): Step {
  const node = getChild(getChild(root, "metadata"), key) ?? root;
  return { kind: "name-reference", at: node, from: [{ object: root, field: `metadata.${key}`, node }] };
}

/** Objects of the right kind that had the name and that the referrer can reach. */
function candidatesFor(reference: Reference, oldName: string): Candidate[] {
  const { referrer, target } = reference;
  const roleRef = roleRefOf(reference);
  const referrerIsCluster = isClusterScoped(referrer.id);
  const found = (reference.index.get(oldName) ?? []).filter((candidate) => {
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
function candidatesInNamespace(reference: Reference, node: YamlNode, candidates: Candidate[]): Candidate[] {
  const namespace = getChild(node, "namespace");
  if (namespace === undefined) return candidates;
  const key = reference.originalNamespaces().has(namespace.text) ? "originalNamespace" : "namespace";
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

function select(
  reference: Reference,
  candidates: readonly Candidate[],
  areSame: (list: readonly Candidate[]) => boolean,
): Candidate | null {
  if (candidates.length === 1) return candidates[0] ?? null;
  const referrer = reference.referrer.resource;
  let left = candidates.filter((one) => sameAffixes(one.resource, referrer, true));
  if (left.length > 1) left = left.filter((one) => sameAffixes(one.resource, referrer, false));
  const [first] = left;
  if (first === undefined) return null;
  if (left.length === 1 || areSame(left)) return first;
  throw failure(
    "ambiguous",
    `found multiple possible referrals: ${left.map((one) => describeId(one.id)).join(", ")}`,
    {
      node: placeOf(referrer),
      object: describeId(reference.referrer.id),
      related: left.map((one) => relatedPlace("possible referral", placeOf(one.resource))),
    },
  );
}

function sameAffixes(left: Resource, right: Resource, allowEmpty: boolean): boolean {
  return (
    sameEnding(left.prefixes, right.prefixes, allowEmpty) &&
    sameEnding(left.suffixes, right.suffixes, allowEmpty)
  );
}

/** True when the shorter list is the end of the longer one. */
function sameEnding(left: readonly string[], right: readonly string[], allowEmpty: boolean): boolean {
  if (allowEmpty && (left.length === 0 || right.length === 0)) return true;
  const length = Math.min(left.length, right.length);
  if (length === 0) return left.length === right.length;
  for (let index = 1; index <= length; index++) {
    if (left[left.length - index] !== right[right.length - index]) return false;
  }
  return true;
}
