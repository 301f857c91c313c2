import type { Schema } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import {
  type FieldSet,
  intersectFieldSets,
  isEmptyFieldSet,
  subtractFieldSet,
  unionFieldSets,
} from "./field-set.ts";
import { removeItems } from "./typed/remove.ts";
import { includeNamedFields, toFieldSet } from "./typed/to-field-set.ts";

/**
 * Removes what the manager applied last time (`last`) and nobody owns any more; `owned` is the union of all
 * managers' sets, the new one included (structured-merge-diff, merge.Updater.prune).
 */
export function pruneRemovedFields(
  merged: JsonObject,
  schema: Schema,
  { last, owned }: { readonly last: FieldSet; readonly owned: FieldSet },
): JsonObject {
  if (isEmptyFieldSet(last)) return merged;
  const lastNamed = includeNamedFields(last, schema);
  const present = includeNamedFields(toFieldSet(merged, schema), schema);
  const keep = (pruned: JsonObject) => includeNamedFields(toFieldSet(pruned, schema), schema);

  const bare = removeItems(merged, lastNamed, schema);
  // Removing an item takes all that is in it; what somebody owns there comes back.
  const ownedNamed = includeNamedFields(owned, schema);
  const restored = removeItems(
    merged,
    subtractFieldSet(present, unionFieldSets(keep(bare), ownedNamed)),
    schema,
  );
  // So does what was there without ever being this manager's.
  return removeItems(
    merged,
    intersectFieldSets(subtractFieldSet(present, keep(restored)), lastNamed),
    schema,
  );
}
