// Lists and maps of devices' objects (kubernetes pkg/apis/resource/validation validateSlice, validateSet, validateMap).
import type { FieldError } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { duplicateValue, tooMany } from "../../field-error.ts";

/** What is wrong with the items; of too many nothing more is said. */
export function validateItems<T>(
  items: readonly T[],
  path: string,
  most: number,
  check: (item: T, path: string) => FieldError[],
): FieldError[] {
  if (items.length > most) return [tooMany(path, items.length, most)];
  return items.flatMap((item, index) => check(item, `${path}[${index}]`));
}

/** The same, and no two items may have the same key. */
export function validateSet<T>(
  items: readonly T[],
  path: string,
  most: number,
  check: (item: T, path: string) => FieldError[],
  keyOf: (item: T) => Json,
): FieldError[] {
  const errors = validateItems(items, path, most, check);
  if (items.length > most) return errors;
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const text = JSON.stringify(key);
    if (seen.has(text)) errors.push(duplicateValue(`${path}[${index}]`, key));
    seen.add(text);
  }
  return errors;
}
