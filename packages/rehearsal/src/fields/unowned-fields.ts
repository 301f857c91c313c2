// Fields that nobody gets to own: those that the server fills in for everybody, and those that an endpoint resets.
import { type FieldSet, fieldSetOf, subtractFieldSet, subtractFieldSetDeep } from "./field-set.ts";
import type { Comparison } from "./typed/compare.ts";

const metadataNames = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
];

/** apimachinery managedfields/internal/stripmeta.go. */
const unowned = fieldSetOf([
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...metadataNames.map((name) => ["f:metadata", `f:${name}`]),
]);

/** The set without what the server fills in for everybody. */
export function withoutUnowned(set: FieldSet): FieldSet {
  return subtractFieldSet(set, unowned);
}

/** Names from the root, for instance `[["status"]]`. */
type ResetFields = readonly (readonly string[])[] | undefined;

/** The set without the given fields and everything below them. */
export function withoutReset(set: FieldSet, fields: ResetFields): FieldSet {
  if (!fields?.length) return set;
  return subtractFieldSetDeep(set, fieldSetOf(fields.map((path) => path.map((name) => `f:${name}`))));
}

/** The same for every part of a comparison. */
export function changesWithoutReset(changes: Comparison, fields: ResetFields): Comparison {
  return {
    added: withoutReset(changes.added, fields),
    removed: withoutReset(changes.removed, fields),
    modified: withoutReset(changes.modified, fields),
  };
}
