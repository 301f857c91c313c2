// Whether a schema is structural, so that objects can be pruned and defaulted by it (KEP-1979 and
// apiextensions pkg/apiserver/schema/validation.go).
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { compileCel } from "./cel.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { validateAlternatives, validateCompleteness } from "./structural-alternatives.ts";
import { validateListType } from "./structural-lists.ts";
import { validateValue } from "./validate.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];

/** Everything that keeps `openAPIV3Schema` from being a structural schema; paths begin with `path`. */
export function validateStructural(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (!schema.type && !open) {
    errors.push(fieldError("FieldValueRequired", `${path}.type`, "must not be empty at the root"));
  } else if (schema.type && schema.type !== "object") {
    errors.push(fieldError("FieldValueInvalid", `${path}.type`, "must be object at the root", schema.type));
  }
  walk(schema, path, undefined, errors);
  errors.push(...validateCompleteness(schema, path));
  return errors;
}

/** What a schema describes: `undefined` is the root. */
type Place = "object fields" | "array items" | undefined;

function walk(schema: JsonObject, path: string, place: Place, errors: FieldError[]): void {
  errors.push(...validateType(schema, path, place));
  errors.push(...validateKeywords(schema, path));
  errors.push(...validateExtensions(schema, path));
  errors.push(...validateListType(schema, path));
  errors.push(...validatePattern(schema, path));
  errors.push(...validateRules(schema, path));
  errors.push(...validateDefault(schema, path));
  errors.push(...validateAlternatives(schema, path));
  if (isJsonObject(schema.properties)) {
    for (const [name, property] of Object.entries(schema.properties)) {
      if (isJsonObject(property)) walk(property, `${path}.properties[${name}]`, "object fields", errors);
    }
  }
  if (isJsonObject(schema.items)) walk(schema.items, `${path}.items`, "array items", errors);
  if (isJsonObject(schema.additionalProperties)) {
    walk(schema.additionalProperties, `${path}.additionalProperties`, "object fields", errors);
  }
}

function validateType(schema: JsonObject, path: string, place: Place): FieldError[] {
  const { type } = schema;
  const field = `${path}.type`;
  const errors: FieldError[] = [];
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  if (typeof type === "string" && type !== "") {
    if (!types.includes(type)) {
      const supported = types.map((name) => `"${name}"`).join(", ");
      errors.push(fieldError("FieldValueNotSupported", field, `supported values: ${supported}`, type));
    }
    if (intOrString) {
      const detail = "must be empty if x-kubernetes-int-or-string is true";
      errors.push(fieldError("FieldValueInvalid", field, detail, type));
    }
  } else if (schema["x-kubernetes-embedded-resource"] === true) {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(fieldError("FieldValueRequired", field, detail));
  } else if (place && !intOrString && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
    errors.push(fieldError("FieldValueRequired", field, `must not be empty for specified ${place}`));
  }
  if (!place && schema.additionalProperties !== undefined) {
    errors.push(
      fieldError("FieldValueForbidden", `${path}.additionalProperties`, "must not be used at the root"),
    );
  }
  if (type === "array" && schema.items === undefined) {
    errors.push(fieldError("FieldValueRequired", `${path}.items`, "must be specified"));
  }
  return errors;
}

const unsupported = ["definitions", "dependencies", "patternProperties", "additionalItems", "id", "$ref"];

function validateKeywords(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const forbid = (key: string, detail: string) => {
    errors.push(fieldError("FieldValueForbidden", `${path}.${key}`, detail));
  };
  for (const key of unsupported) if (schema[key] !== undefined) forbid(key, `${key} is not supported`);
  if (schema.uniqueItems === true) {
    forbid("uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
  }
  const additional = schema.additionalProperties;
  if (additional === false) forbid("additionalProperties", "additionalProperties cannot be set to false");
  if (additional !== undefined && isJsonObject(schema.properties)) {
    forbid("additionalProperties", "additionalProperties and properties are mutual exclusive");
  }
  if (Array.isArray(schema.items)) forbid("items", "items must be a schema object and not an array");
  return errors;
}

function validateExtensions(schema: JsonObject, path: string): FieldError[] {
  const errors = schema["x-kubernetes-embedded-resource"] === true ? validateEmbedded(schema, path) : [];
  const mapType = schema["x-kubernetes-map-type"];
  if (mapType !== undefined && mapType !== "granular" && mapType !== "atomic") {
    const detail = 'supported values: "atomic", "granular"';
    errors.push(fieldError("FieldValueNotSupported", `${path}.x-kubernetes-map-type`, detail, mapType));
  }
  return errors;
}

function validateEmbedded(schema: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type && schema.type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(fieldError("FieldValueInvalid", `${path}.type`, detail, schema.type));
  }
  if (schema.additionalProperties !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(fieldError("FieldValueForbidden", `${path}.additionalProperties`, detail));
  }
  const described = isJsonObject(schema.properties) && Object.keys(schema.properties).length > 0;
  if (!described && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(fieldError("FieldValueRequired", `${path}.properties`, detail));
  }
  return errors;
}

function validatePattern({ pattern }: JsonObject, path: string): FieldError[] {
  if (typeof pattern !== "string") return [];
  try {
    new RegExp(pattern.replace(/^\(\?[is]+\)/, ""), "u");
    return [];
  } catch (error) {
    const detail = `must be a valid regular expression, but isn't: ${(error as Error).message}`;
    return [fieldError("FieldValueInvalid", `${path}.pattern`, detail, pattern)];
  }
}

function validateRules(schema: JsonObject, path: string): FieldError[] {
  const rules = schema["x-kubernetes-validations"];
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule, index) => {
    if (!isJsonObject(rule)) return [];
    const place = `${path}.x-kubernetes-validations[${index}]`;
    if (typeof rule.rule !== "string" || rule.rule.trim() === "") {
      return [fieldError("FieldValueRequired", `${place}.rule`, "rule is not specified")];
    }
    const message = rule.messageExpression;
    return [
      ...validateExpression(rule.rule, `${place}.rule`),
      ...(typeof message === "string" ? validateExpression(message, `${place}.messageExpression`) : []),
    ];
  });
}

function validateExpression(expression: string, path: string): FieldError[] {
  try {
    compileCel(expression);
    return [];
  } catch (error) {
    return [
      fieldError("FieldValueInvalid", path, `compilation failed: ${(error as Error).message}`, expression),
    ];
  }
}

function validateDefault(schema: JsonObject, path: string): FieldError[] {
  if (schema.default === undefined) return [];
  return validateValue(schema.default, parseSchema(schema), "").map((error) => ({
    ...error,
    field: `${path}.default${error.field === "" ? "" : `.${error.field}`}`,
  }));
}
