// Follows renames: fields that hold the name of a renamed object get the new one (kustomize: api/filters/nameref).
import { getChild, isScalar, type YamlNode } from "@slipway/yaml";
import { visitFields } from "../field-spec.ts";
import { describeId, type Gvk, isSelectedBy } from "../identity.ts";
import { failure, relatedPlace, withContext } from "../problem.ts";
import { gvkOf, nameOf, namespaceOf, originalId, type Resource } from "../resource.ts";
import { placeOf } from "../resource-list.ts";
import { setEntry, setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import type { FieldSpec, NameReference } from "../transformer-config.ts";
import {
  type Candidate,
  candidatesFor,
  candidatesInNamespace,
  indexCandidates,
  type Reference,
  reachOf,
} from "./reference-candidates.ts";

/** Rewrites all references in all objects. */
export function fixNameReferences(
  resources: readonly Resource[],
  references: readonly NameReference[],
): void {
  const candidates = indexCandidates(resources);
  const specsByKind = groupByKind(references);
  for (const referrer of candidates.all) {
    const original = originalId(referrer.resource);
    const specs = [...(specsByKind.get(original.kind) ?? []), ...(specsByKind.get("") ?? [])].sort(
      (left, right) => left.order - right.order,
    );
    if (specs.length === 0) continue;
    const reach = reachOf(referrer.resource);
    const gvk = gvkOf(referrer.resource);
    for (const { spec, target } of specs) {
      if (!isSelectedBy(original, spec)) continue;
      const reference: Reference = { referrer, target, path: spec.path, among: candidates, reach };
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
  // A name that stays was not decided by the object that has it: its history has no step more.
  if (name === nameNode.text && isScalar(nameNode)) nameNode.type = "untagged";
  else setEntry(node, "name", name, stepOf(referral, "name"));
  if (namespace !== "") setEntry(node, "namespace", namespace, stepOf(referral, "namespace"));
}

/** The step's place is the name, or the namespace, of the object that is referred to. */
function stepOf({ resource: { root } }: Candidate, key: "name" | "namespace"): Step {
  const node = getChild(getChild(root, "metadata"), key) ?? root;
  return { kind: "name-reference", at: node, from: [{ object: root, field: `metadata.${key}`, node }] };
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
