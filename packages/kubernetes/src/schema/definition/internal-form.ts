// How the real server prints parts of a definition in its messages: as its internal Go types, field by field
// (apiextensions pkg/apis/apiextensions, types.go and types_jsonschema.go).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** The fields of the internal JSONSchemaProps: its name, the one on the wire, and what stands for an absent value. */
const schemaFields: readonly (readonly [name: string, key: string, empty: Json])[] = [
  ["ID", "id", ""],
  ["Schema", "$schema", ""],
  ["Ref", "$ref", null],
  ["Description", "description", ""],
  ["Type", "type", ""],
  ["Nullable", "nullable", false],
  ["Format", "format", ""],
  ["Title", "title", ""],
  ["Default", "default", null],
  ["Maximum", "maximum", null],
  ["ExclusiveMaximum", "exclusiveMaximum", false],
  ["Minimum", "minimum", null],
  ["ExclusiveMinimum", "exclusiveMinimum", false],
  ["MaxLength", "maxLength", null],
  ["MinLength", "minLength", null],
  ["Pattern", "pattern", ""],
  ["MaxItems", "maxItems", null],
  ["MinItems", "minItems", null],
  ["UniqueItems", "uniqueItems", false],
  ["MultipleOf", "multipleOf", null],
  ["Enum", "enum", null],
  ["MaxProperties", "maxProperties", null],
  ["MinProperties", "minProperties", null],
  ["Required", "required", null],
  ["Items", "items", null],
  ["AllOf", "allOf", null],
  ["OneOf", "oneOf", null],
  ["AnyOf", "anyOf", null],
  ["Not", "not", null],
  ["Properties", "properties", null],
  ["AdditionalProperties", "additionalProperties", null],
  ["PatternProperties", "patternProperties", null],
  ["Dependencies", "dependencies", null],
  ["AdditionalItems", "additionalItems", null],
  ["Definitions", "definitions", null],
  ["ExternalDocs", "externalDocs", null],
  ["Example", "example", null],
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", null],
  ["XEmbeddedResource", "x-kubernetes-embedded-resource", false],
  ["XIntOrString", "x-kubernetes-int-or-string", false],
  ["XListMapKeys", "x-kubernetes-list-map-keys", null],
  ["XListType", "x-kubernetes-list-type", null],
  ["XMapType", "x-kubernetes-map-type", null],
  ["XValidations", "x-kubernetes-validations", null],
];

/** The internal names of the fields that a schema sets, in their order. */
export function schemaFieldNames(schema: JsonObject): string[] {
  return schemaFields.filter(([, key, empty]) => isSet(schema[key], empty)).map(([name]) => name);
}

function isSet(value: Json | undefined, empty: Json): boolean {
  return value !== undefined && value !== null && value !== empty;
}

/** A schema as the server prints it. */
export function internalSchema(schema: JsonObject): JsonObject {
  const printed: JsonObject = {};
  for (const [name, key, empty] of schemaFields) {
    const value = schema[key] ?? empty;
    printed[name] = value === null ? null : internalField(name, value);
  }
  return printed;
}

function internalField(name: string, value: Json): Json {
  switch (name) {
    case "AllOf":
    case "OneOf":
    case "AnyOf":
      return eachObject(value, internalSchema);
    case "Not":
      return isJsonObject(value) ? internalSchema(value) : value;
    case "Properties":
    case "PatternProperties":
    case "Definitions":
      return sortedMap(value);
    case "Items":
      return Array.isArray(value)
        ? { Schema: null, JSONSchemas: eachObject(value, internalSchema) }
        : { Schema: isJsonObject(value) ? internalSchema(value) : null, JSONSchemas: null };
    case "AdditionalProperties":
    case "AdditionalItems":
      return isJsonObject(value)
        ? { Allows: true, Schema: internalSchema(value) }
        : { Allows: value === true, Schema: null };
    case "XValidations":
      return eachObject(value, internalRule);
    default:
      return value;
  }
}

function eachObject(value: Json, print: (item: JsonObject) => JsonObject): Json {
  return Array.isArray(value) ? value.filter(isJsonObject).map(print) : null;
}

function sortedMap(value: Json): Json {
  if (!isJsonObject(value)) return null;
  const entries = Object.entries(value).filter((entry): entry is [string, JsonObject] =>
    isJsonObject(entry[1]),
  );
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, internalSchema(item)]),
  );
}

/** A rule of `x-kubernetes-validations` as the server prints it. */
export function internalRule(rule: JsonObject): JsonObject {
  return {
    Rule: rule.rule ?? "",
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

/** What all versions have in common is printed with the whole definition, not with each of them. */
export interface SharedParts {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
}

/** A version as the server prints it. */
export function internalVersion(version: JsonObject, shared: SharedParts): JsonObject {
  const schema = isJsonObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  const { subresources, additionalPrinterColumns: columns, selectableFields } = version;
  return {
    Name: version.name ?? "",
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema:
      shared.schema || !isJsonObject(version.schema)
        ? null
        : { OpenAPIV3Schema: isJsonObject(schema) ? internalSchema(schema) : null },
    Subresources: shared.subresources || !isJsonObject(subresources) ? null : internalParts(subresources),
    AdditionalPrinterColumns: shared.columns || !columns ? null : eachObject(columns, internalColumn),
    SelectableFields: selectableFields
      ? eachObject(selectableFields, ({ jsonPath }) => ({ JSONPath: jsonPath ?? "" }))
      : null,
  };
}

function internalParts({ status, scale }: JsonObject): JsonObject {
  return {
    Status: isJsonObject(status) ? {} : null,
    Scale: isJsonObject(scale)
      ? {
          SpecReplicasPath: scale.specReplicasPath ?? "",
          StatusReplicasPath: scale.statusReplicasPath ?? "",
          LabelSelectorPath: scale.labelSelectorPath ?? null,
        }
      : null,
  };
}

function internalColumn(column: JsonObject): JsonObject {
  return {
    Name: column.name ?? "",
    Type: column.type ?? "",
    Format: column.format ?? "",
    Description: column.description ?? "",
    Priority: column.priority ?? 0,
    JSONPath: column.jsonPath ?? "",
  };
}
