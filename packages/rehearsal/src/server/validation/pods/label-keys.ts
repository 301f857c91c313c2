// Labels that have, or do not have, a pod's own values, and how they become part of a selector (kubernetes
// pkg/apis/core/validation ValidateMatchLabelKeysAndMismatchLabelKeys).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, textsAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue } from "../../field-error.ts";
import { checkQualifiedName, invalidText } from "../names.ts";

/** What is wrong with `matchLabelKeys` and `mismatchLabelKeys` of what stands at `path`, beside its `labelSelector`. */
export function validateLabelKeys(term: JsonObject, path: string): FieldError[] {
  const selector = term.labelSelector;
  const keys = textsAt(term, "matchLabelKeys");
  const others = new Set(textsAt(term, "mismatchLabelKeys"));
  return [
    ...["matchLabelKeys", "mismatchLabelKeys"].flatMap((field) => validateNames(term, field, path)),
    ...(isJsonObject(selector) ? validateRepeated(keys, selector, path) : []),
    ...keys.flatMap((key, index) =>
      others.has(key)
        ? [
            invalidValue(
              `${path}.matchLabelKeys[${index}]`,
              key,
              "exists in both matchLabelKeys and mismatchLabelKeys",
            ),
          ]
        : [],
    ),
  ];
}

function validateNames(term: JsonObject, field: string, path: string): FieldError[] {
  const keys = textsAt(term, field);
  const place = `${path}.${field}`;
  if (keys.length > 0 && !isJsonObject(term.labelSelector)) {
    return [forbiddenValue(place, "must not be specified when labelSelector is not set")];
  }
  return keys.flatMap((key, index) => invalidText(`${place}[${index}]`, key, checkQualifiedName));
}

/** A key may be in the selector once: that is where the server itself has put it. */
function validateRepeated(keys: readonly string[], selector: JsonObject, path: string): FieldError[] {
  const seen = new Set(Object.keys(objectAt(selector, "matchLabels")));
  return objectsAt(selector, "matchExpressions").flatMap((expression) => {
    const key = textAt(expression, "key") ?? "";
    const isRepeated = seen.has(key) && keys.includes(key);
    seen.add(key);
    if (!isRepeated) return [];
    const detail = "exists in both matchLabelKeys and labelSelector";
    return [invalidValue(`${path}[${keys.lastIndexOf(key)}]`, key, detail)];
  });
}
