import { isJsonObject, type JsonObject } from "@slipway/yaml";

/** A step of a path: `.name`, or `['any text']`. */
const step = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;

/** Whether a rule's `fieldPath` (`.spec.map['key']`) leads to a field of its schema (ValidFieldPath of schema/cel). */
export function isFieldPath(path: string, schema: JsonObject): boolean {
  let current = schema;
  step.lastIndex = 0;
  for (let at = 0; at < path.length; at = step.lastIndex) {
    const match = step.exec(path);
    if (!match) return false;
    const name = match[1] ?? (match[2] ?? "").replaceAll(/\\(.)/g, "$1");
    const { properties, additionalProperties } = current;
    const next = isJsonObject(properties) ? properties[name] : additionalProperties;
    if (!isJsonObject(next)) return false;
    current = next;
  }
  return true;
}
