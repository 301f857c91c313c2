// Whether a schema is structural, so that objects can be pruned and defaulted by it (KEP-1979 and
// apiextensions schema/validation.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { compileCel } from "./cel.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { validateValue } from "./validate.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** Everything that keeps `openAPIV3Schema` from being a structural schema; paths begin with `path`. */
export function validateStructural(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type !== "object") {
    if (schema.type)
      errors.push(fieldError("FieldValueInvalid", `${path}.type`, "must be object at the root", schema.type));
    else errors.push(fieldError("FieldValueRequired", `${path}.type`, "must not be empty at the root"));
  }
  walk(schema, path, "root");
  return errors;

  function add(reason: FieldError["reason"], field: string, detail: string, value?: Json): void {
    errors.push(fieldError(reason, field, detail, value));
  }

  function walk(schema: JsonObject, path: string, place: "root" | "field" | "item"): void {
    checkType(schema, path, place);
    checkForbidden(schema, path);
    checkExtensions(schema, path);
    checkPattern(schema, path);
    checkRules(schema, path);
    checkDefault(schema, path);
    checkAlternatives(schema, path);
    if (isJsonObject(schema.properties)) {
      for (const [name, property] of Object.entries(schema.properties)) {
        if (isJsonObject(property)) walk(property, `${path}.properties[${name}]`, "field");
      }
    }
    if (isJsonObject(schema.items)) walk(schema.items, `${path}.items`, "item");
    if (isJsonObject(schema.additionalProperties)) {
      walk(schema.additionalProperties, `${path}.additionalProperties`, "field");
    }
  }

  function checkType(schema: JsonObject, path: string, place: "root" | "field" | "item"): void {
    const { type } = schema;
    const intOrString = schema["x-kubernetes-int-or-string"] === true;
    if (typeof type === "string" && type !== "") {
      if (!types.includes(type)) {
        const supported = types.map((name) => `"${name}"`).join(", ");
        add("FieldValueNotSupported", `${path}.type`, `supported values: ${supported}`, type);
      }
      if (intOrString) {
        add("FieldValueInvalid", `${path}.type`, "must be empty if x-kubernetes-int-or-string is true", type);
      }
    } else if (!intOrString && schema["x-kubernetes-preserve-unknown-fields"] !== true && place !== "root") {
      const what = place === "item" ? "array items" : "object fields";
      add("FieldValueRequired", `${path}.type`, `must not be empty for specified ${what}`);
    }
    if (type === "array" && schema.items === undefined) {
      add("FieldValueRequired", `${path}.items`, "must be specified");
    }
  }

  function checkForbidden(schema: JsonObject, path: string): void {
    const forbidden: [string, string][] = [
      ["definitions", "definitions is not supported"],
      ["dependencies", "dependencies is not supported"],
      ["patternProperties", "patternProperties is not supported"],
      ["additionalItems", "additionalItems is not supported"],
      ["id", "id is not supported"],
      ["$ref", "$ref is not supported"],
    ];
    for (const [key, text] of forbidden) {
      if (schema[key] !== undefined) add("FieldValueForbidden", `${path}.${key}`, text);
    }
    if (schema.uniqueItems === true) {
      const text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
      add("FieldValueForbidden", `${path}.uniqueItems`, text);
    }
    if (schema.additionalProperties === false) {
      add(
        "FieldValueForbidden",
        `${path}.additionalProperties`,
        "additionalProperties cannot be set to false",
      );
    }
    if (schema.additionalProperties !== undefined && isJsonObject(schema.properties)) {
      const text = "additionalProperties and properties are mutual exclusive";
      add("FieldValueForbidden", `${path}.additionalProperties`, text);
    }
    if (Array.isArray(schema.items)) {
      add("FieldValueForbidden", `${path}.items`, "items must be a schema object and not an array");
    }
  }

  function checkExtensions(schema: JsonObject, path: string): void {
    if (schema["x-kubernetes-embedded-resource"] === true && schema.type !== "object") {
      const text = "must be object if x-kubernetes-embedded-resource is true";
      add("FieldValueInvalid", `${path}.type`, text, schema.type ?? "");
    }
    const mapType = schema["x-kubernetes-map-type"];
    if (mapType !== undefined && mapType !== "granular" && mapType !== "atomic") {
      const text = 'supported values: "atomic", "granular"';
      add("FieldValueNotSupported", `${path}.x-kubernetes-map-type`, text, mapType);
    }
    checkListType(schema, path);
  }

  function checkListType(schema: JsonObject, path: string): void {
    const listType = schema["x-kubernetes-list-type"];
    const keys = schema["x-kubernetes-list-map-keys"];
    if (listType !== undefined && listType !== "atomic" && listType !== "set" && listType !== "map") {
      const text = 'supported values: "atomic", "map", "set"';
      add("FieldValueNotSupported", `${path}.x-kubernetes-list-type`, text, listType);
    }
    if (listType !== undefined && schema.type !== "array") {
      const text = "must be array if x-kubernetes-list-type is specified";
      add("FieldValueInvalid", `${path}.type`, text, schema.type ?? "");
    }
    if (listType !== "map") return;
    if (!Array.isArray(keys) || keys.length === 0) {
      const text = "must not be empty if x-kubernetes-list-type is map";
      add("FieldValueRequired", `${path}.x-kubernetes-list-map-keys`, text);
      return;
    }
    const items = isJsonObject(schema.items) ? schema.items : {};
    const properties = isJsonObject(items.properties) ? items.properties : {};
    for (const [index, key] of keys.entries()) {
      const property = typeof key === "string" ? properties[key] : undefined;
      if (!isJsonObject(property)) {
        const text = "entries must all be names of item properties";
        add("FieldValueInvalid", `${path}.x-kubernetes-list-map-keys[${index}]`, text, key);
        continue;
      }
      const required = Array.isArray(items.required) && items.required.includes(key);
      if (!required && property.default === undefined) {
        const text =
          "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
        add("FieldValueRequired", `${path}.items.properties[${key}].default`, text);
      }
    }
  }

  function checkPattern(schema: JsonObject, path: string): void {
    if (typeof schema.pattern !== "string") return;
    try {
      new RegExp(schema.pattern.replace(/^\(\?[is]+\)/, ""), "u");
    } catch (error) {
      const text = `must be a valid regular expression, but isn't: ${(error as Error).message}`;
      add("FieldValueInvalid", `${path}.pattern`, text, schema.pattern);
    }
  }

  function checkRules(schema: JsonObject, path: string): void {
    const rules = schema["x-kubernetes-validations"];
    if (!Array.isArray(rules)) return;
    for (const [index, rule] of rules.entries()) {
      const place = `${path}.x-kubernetes-validations[${index}]`;
      if (!isJsonObject(rule)) continue;
      if (typeof rule.rule !== "string" || rule.rule.trim() === "") {
        add("FieldValueRequired", `${place}.rule`, "rule is not specified");
      } else checkExpression(rule.rule, `${place}.rule`, rule);
      if (typeof rule.messageExpression === "string") {
        checkExpression(rule.messageExpression, `${place}.messageExpression`, rule.messageExpression);
      }
    }
  }

  function checkExpression(expression: string, path: string, shown: Json): void {
    try {
      compileCel(expression);
    } catch (error) {
      add("FieldValueInvalid", path, `compilation failed: ${(error as Error).message}`, shown);
    }
  }

  function checkDefault(schema: JsonObject, path: string): void {
    const { default: value } = schema;
    if (value === undefined) return;
    const found = validateValue(value, parseSchema(schema), "");
    for (const error of found) {
      errors.push({ ...error, field: `${path}.default${error.field === "" ? "" : `.${error.field}`}` });
    }
  }

  /** Inside allOf, anyOf, oneOf and not, a schema may limit values but not say what fields there are. */
  function checkAlternatives(schema: JsonObject, path: string): void {
    for (const junctor of ["allOf", "anyOf", "oneOf"]) {
      const list = schema[junctor];
      if (!Array.isArray(list)) continue;
      for (const [index, inner] of list.entries()) {
        if (isJsonObject(inner)) checkNested(inner, schema, `${path}.${junctor}[${index}]`);
      }
    }
    if (isJsonObject(schema.not)) checkNested(schema.not, schema, `${path}.not`);
  }

  function checkNested(inner: JsonObject, outer: JsonObject, path: string): void {
    const intOrString = outer["x-kubernetes-int-or-string"] === true;
    for (const key of ["type", "additionalProperties", "default", "description", "title", "nullable"]) {
      if (inner[key] === undefined || (key === "type" && intOrString)) continue;
      add("FieldValueForbidden", `${path}.${key}`, "must be empty to be structural");
    }
    if (!isJsonObject(inner.properties)) return;
    const properties = isJsonObject(outer.properties) ? outer.properties : {};
    const dotted = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\]$|\.not$/, "");
    for (const [name, property] of Object.entries(inner.properties)) {
      const described = properties[name];
      if (!isJsonObject(described)) {
        const text = `because it is defined in ${path.slice(dotted.length + 1)}.properties[${name}]`;
        add("FieldValueRequired", `${dotted}.properties[${name}]`, text);
      } else if (isJsonObject(property)) checkNested(property, described, `${path}.properties[${name}]`);
    }
  }
}
