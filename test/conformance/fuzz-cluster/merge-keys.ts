// Strategic merge patches that a real server answers.
import { isJsonObject, type Json } from "@slipway/yaml";

/** The fields by which items of lists are found in built-in kinds. */
const mergeKeys: ReadonlySet<string> = new Set([
  "containerPort",
  "devicePath",
  "ip",
  "mountPath",
  "name",
  "port",
  "rule",
  "topologyKey",
  "type",
  "uid",
]);

/**
 * A patch whose items have no list or map where their key should stand: the real server compares keys with Go's
 * `==`, which panics at those, and it ends the connection without an answer (apimachinery strategicpatch,
 * findMapInSliceBasedOnKeyValue).
 */
export function withComparableKeys(patch: Json, isItem = false): Json {
  if (Array.isArray(patch)) return patch.map((item) => withComparableKeys(item, true));
  if (!isJsonObject(patch)) return patch;
  const kept = Object.entries(patch).filter(
    ([key, value]) => !(isItem && mergeKeys.has(key) && typeof value === "object" && value !== null),
  );
  return Object.fromEntries(
    kept.map(([key, value]): [string, Json] => [key, withComparableKeys(value ?? null)]),
  );
}
