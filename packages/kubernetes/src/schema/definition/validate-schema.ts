// What is wrong with the schema of a definition (validateCustomResourceDefinitionValidation of apiextensions).
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { validateStructural } from "../structural.ts";
import { internalSchema, schemaFieldNames } from "./internal-form.ts";
import { validateDefaults } from "./validate-defaults.ts";
import { validateExpressions } from "./validate-expressions.ts";
import { type SchemaPlace, validateOpenApi } from "./validate-open-api.ts";

/** What may stand at the root of a schema beside which there is a status subresource. */
const allowedAtRoot =
  "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations";

/**
 * Everything wrong with an `openAPIV3Schema`: what may stand at its root, whether it is structural, its defaults, and
 * its rules, which are looked at only where the rest is right. Paths begin with `path`; a schema that is `unchanged` may
 * have rules that cost too much.
 */
export function validateSchema(
  schema: JsonObject,
  path: string,
  { hasStatus, unchanged }: { readonly hasStatus: boolean; readonly unchanged: boolean },
): FieldError[] {
  const errors = hasStatus ? validateRoot(schema, path) : [];
  if (schema.nullable === true) {
    errors.push(fieldError("FieldValueForbidden", `${path}.nullable`, "nullable cannot be true at the root"));
  }
  const root: SchemaPlace = {
    path,
    isRoot: true,
    inMeta: false,
    noDefaults: undefined,
    uncorrelatable: undefined,
  };
  const found = validateOpenApi(schema, root);
  // A schema with what no structural one can have is not looked at as one.
  const structural = isReadable(schema) ? validateStructural(schema, path) : [];
  const readable = isReadable(schema) && structural.length === 0;
  const defaults = readable ? validateDefaults(schema, path) : [];
  errors.push(...structural, ...defaults, ...found);
  const compile = readable && defaults.length === 0;
  errors.push(...validateExpressions(schema, root, { compile, anyCost: unchanged }));
  return errors;
}

function validateRoot(schema: JsonObject, path: string): FieldError[] {
  for (const name of schemaFieldNames(schema)) {
    if (name === "Type" && schema.type !== "object") {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      return [fieldError("FieldValueInvalid", `${path}.type`, detail, schema.type ?? "")];
    }
    if (allowedAtRoot.split(" ").includes(name)) continue;
    const detail = `only [${allowedAtRoot}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [fieldError("FieldValueInvalid", path, detail, internalSchema(schema))];
  }
  return [];
}

const unreadable = ["id", "$schema", "$ref", "additionalItems"];
const unreadableMaps = ["patternProperties", "dependencies", "definitions"];

function isReadable(schema: JsonObject): boolean {
  if (unreadable.some((key) => (schema[key] ?? "") !== "")) return false;
  const filled = unreadableMaps.some((key) => Object.keys(schema[key] ?? {}).length > 0);
  if (filled || Array.isArray(schema.items)) return false;
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) return false;
  return [
    schema.items,
    schema.additionalProperties,
    schema.not,
    ...Object.values(isJsonObject(schema.properties) ? schema.properties : {}),
    ...["allOf", "anyOf", "oneOf"].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : [])),
  ].every((child) => !isJsonObject(child) || isReadable(child));
}
