import { equalJson } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";

/**
 * Sorts a merged list: items that the patch names stand in its order, the others in the server's, and where both
 * orders know two items of different kind, the server's decides (strategicpatch.normalizeElementOrder).
 */
export function orderByPatch(
  merged: readonly Json[],
  order: readonly Json[],
  before: readonly Json[],
  key: string | undefined,
): Json[] {
  const placeIn = (list: readonly Json[], item: Json) => list.findIndex((other) => same(other, item));
  const bySorting = (list: readonly Json[]) => (a: Json, b: Json) => placeIn(list, a) - placeIn(list, b);
  const named = merged.filter((item) => placeIn(order, item) >= 0).sort(bySorting(order));
  const others = merged.filter((item) => placeIn(order, item) < 0).sort(bySorting(before));
  const result: Json[] = [];
  let l = 0;
  let r = 0;
  while (l < others.length || r < named.length) {
    const left = others[l];
    const right = named[r];
    if (left === undefined) r++;
    else if (right === undefined) l++;
    else {
      const leftPlace = placeIn(before, left);
      const rightPlace = placeIn(before, right);
      const leftFirst = leftPlace >= 0 && rightPlace >= 0 && leftPlace < rightPlace;
      result.push(leftFirst ? left : right);
      if (leftFirst) l++;
      else r++;
      continue;
    }
    result.push((left ?? right) as Json);
  }
  return result;

  function same(a: Json, b: Json): boolean {
    return key !== undefined && isJsonObject(a) && isJsonObject(b)
      ? equalJson(a[key], b[key])
      : equalJson(a, b);
  }
}
