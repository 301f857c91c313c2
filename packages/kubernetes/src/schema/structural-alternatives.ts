import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "./field-error.ts";

const describing = ["type", "additionalProperties", "default", "description", "title", "nullable"];

/** Inside allOf, anyOf, oneOf and not, a schema may limit values but not say what fields there are. */
export function validateAlternatives(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const junctor of ["allOf", "anyOf", "oneOf"]) {
    const list = schema[junctor];
    if (!Array.isArray(list)) continue;
    for (const [index, inner] of list.entries()) {
      if (isJsonObject(inner))
        errors.push(...validateNested(inner, schema, path, `${path}.${junctor}[${index}]`));
    }
  }
  if (isJsonObject(schema.not)) errors.push(...validateNested(schema.not, schema, path, `${path}.not`));
  return errors;
}

/** The described schema stands at `path`, the one that limits it at `place`. */
function validateNested(inner: JsonObject, outer: JsonObject, path: string, place: string): FieldError[] {
  const errors: FieldError[] = [];
  const intOrString = outer["x-kubernetes-int-or-string"] === true;
  for (const key of describing) {
    if (inner[key] === undefined || (key === "type" && intOrString)) continue;
    errors.push(fieldError("FieldValueForbidden", `${place}.${key}`, "must be empty to be structural"));
  }
  const properties = isJsonObject(outer.properties) ? outer.properties : {};
  for (const [name, property] of Object.entries(isJsonObject(inner.properties) ? inner.properties : {})) {
    const described = properties[name];
    const step = `properties[${name}]`;
    if (!isJsonObject(described)) {
      const detail = `because it is defined in ${place}.${step}`;
      errors.push(fieldError("FieldValueRequired", `${path}.${step}`, detail));
    } else if (isJsonObject(property)) {
      errors.push(...validateNested(property, described, `${path}.${step}`, `${place}.${step}`));
    }
  }
  return errors;
}
