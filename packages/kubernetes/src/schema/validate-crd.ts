// What makes a CustomResourceDefinition itself invalid (apiextensions pkg/apis/apiextensions/validation).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { dnsLabelFaults } from "./definition/dns-names.ts";
import { internalVersion } from "./definition/internal-form.ts";
import { validateConversion } from "./definition/validate-conversion.ts";
import { validateGroup, validateNames } from "./definition/validate-names.ts";
import { validateSchema } from "./definition/validate-schema.ts";
import { validateSubresources } from "./definition/validate-subresources.ts";
import { type FieldError, fieldError } from "./field-error.ts";

/**
 * Names, versions, conversion, and whether each version's schema is structural and its rules compile. Empty when
 * the API server would accept the definition. Defaults must have been filled in. `old` is what an update replaces.
 */
export function validateCustomResourceDefinition(crd: JsonObject, old?: JsonObject): FieldError[] {
  const spec = isJsonObject(crd.spec) ? crd.spec : {};
  const names = isJsonObject(spec.names) ? spec.names : {};
  const metadata = isJsonObject(crd.metadata) ? crd.metadata : {};
  const errors: FieldError[] = [];
  const expected = `${text(names.plural)}.${text(spec.group)}`;
  if (!old && metadata.name !== expected) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    errors.push(fieldError("FieldValueInvalid", "metadata.name", detail, metadata.name ?? ""));
  }
  errors.push(...validateGroup(spec), ...validateNames(spec), ...validateScope(spec));
  errors.push(...validateVersions(spec, old), ...validateConversion(spec));
  return errors;
}

function validateScope({ scope }: JsonObject): FieldError[] {
  if (scope === "Namespaced" || scope === "Cluster") return [];
  if (scope === undefined || scope === "") return [fieldError("FieldValueRequired", "spec.scope", "")];
  const detail = 'supported values: "Cluster", "Namespaced"';
  return [fieldError("FieldValueNotSupported", "spec.scope", detail, scope)];
}

function validateVersions(spec: JsonObject, old: JsonObject | undefined): FieldError[] {
  const versions = list(spec.versions).filter(isJsonObject);
  const errors: FieldError[] = [];
  // Conversion moves what all versions have in common out of them, where the check then finds it.
  const [first] = versions;
  const isShared = (of: (version: JsonObject) => Json) =>
    first !== undefined && versions.every((version) => equalJson(of(version), of(first)));
  const shared = {
    schema: isShared(({ schema }) => schema ?? null),
    subresources: isShared(subresourcesOf),
    columns: isShared(columnsOf),
  };
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    const faults = dnsLabelFaults(text(version.name));
    if (faults.length > 0) {
      errors.push(fieldError("FieldValueInvalid", `${path}.name`, faults.join(","), version.name ?? ""));
    }
    errors.push(...validateDeprecation(version, path));
    const source = schemaOf(version);
    const place = `${path}.schema.openAPIV3Schema`;
    if (!isJsonObject(source)) errors.push(fieldError("FieldValueRequired", place, ""));
    else if (!shared.schema) {
      const options = { hasStatus: hasStatus(version), unchanged: isUnchanged(version, old) };
      errors.push(...validateSchema(source, place, options));
    }
    if (!shared.subresources) {
      errors.push(...validateSubresources(version.subresources, `${path}.subresources`));
    }
    if (!shared.columns) errors.push(...validateColumns(version, path));
  }
  const shown = Array.isArray(spec.versions)
    ? versions.map((version) => internalVersion(version, shared))
    : null;
  const fail = (detail: string) =>
    errors.push(fieldError("FieldValueInvalid", "spec.versions", detail, shown));
  const names = versions.map(({ name }) => name);
  if (new Set(names).size < names.length) fail("must contain unique version names");
  const stored = versions.filter((version) => version.storage === true).length;
  if (stored !== 1) fail("must have exactly one version marked as storage version");
  if (!first) return errors;
  const faults = dnsLabelFaults(text(first.name));
  if (text(first.name) !== "" && faults.length > 0) {
    errors.push(fieldError("FieldValueInvalid", "spec.version", faults.join(","), first.name ?? ""));
  }
  const source = schemaOf(first);
  if (shared.schema && isJsonObject(source)) {
    const options = { hasStatus: versions.some(hasStatus), unchanged: isUnchanged(first, old) };
    errors.push(...validateSchema(source, "spec.validation.openAPIV3Schema", options));
  }
  if (shared.subresources) errors.push(...validateSubresources(first.subresources, "spec.subresources"));
  if (shared.columns) errors.push(...validateColumns(first, "spec"));
  return errors;
}

/** Whether the version of this name had the same schema before. */
function isUnchanged(version: JsonObject, old: JsonObject | undefined): boolean {
  const before = isJsonObject(old?.spec) ? list(old.spec.versions).filter(isJsonObject) : [];
  const same = before.find(({ name }) => name === version.name);
  return same !== undefined && equalJson(schemaOf(same) ?? null, schemaOf(version) ?? null);
}

function hasStatus(version: JsonObject): boolean {
  return isJsonObject(version.subresources) && isJsonObject(version.subresources.status);
}

function subresourcesOf({ subresources }: JsonObject): Json {
  return subresources ?? null;
}

function validateDeprecation({ deprecated, deprecationWarning }: JsonObject, path: string): FieldError[] {
  if (typeof deprecationWarning !== "string") return [];
  const field = `${path}.deprecationWarning`;
  const fail = (detail: string) => fieldError("FieldValueInvalid", field, detail, deprecationWarning);
  if (deprecated !== true) return [fail("can only be set for deprecated versions")];
  if (Buffer.byteLength(deprecationWarning) > 256) return [fail("must be <= 256 characters long")];
  return deprecationWarning === "" ? [fail("must not be an empty string")] : [];
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/** The columns that a version declares (ValidateCustomResourceColumnDefinition). */
function validateColumns(version: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, column] of list(columnsOf(version)).filter(isJsonObject).entries()) {
    const at = `${path}.additionalPrinterColumns[${index}]`;
    const [type, format, jsonPath] = [text(column.type), text(column.format), text(column.jsonPath)];
    if (text(column.name) === "") errors.push(fieldError("FieldValueRequired", `${at}.name`, ""));
    const oneOf = (choices: readonly string[]) => `must be one of ${choices.join(",")}`;
    if (type === "") errors.push(fieldError("FieldValueRequired", `${at}.type`, oneOf(columnTypes)));
    else if (!columnTypes.includes(type)) {
      errors.push(fieldError("FieldValueInvalid", `${at}.type`, oneOf(columnTypes), type));
    }
    if (format !== "" && !columnFormats.includes(format)) {
      errors.push(fieldError("FieldValueInvalid", `${at}.format`, oneOf(columnFormats), format));
    }
    if (jsonPath === "") errors.push(fieldError("FieldValueRequired", `${at}.JSONPath`, ""));
    else if (!jsonPath.startsWith(".")) {
      const detail = "must be a simple json path starting with .";
      errors.push(fieldError("FieldValueInvalid", `${at}.JSONPath`, detail, jsonPath));
    }
  }
  return errors;
}

function columnsOf(version: JsonObject): Json {
  const columns = list(version.additionalPrinterColumns);
  return columns.length > 0 ? columns : null;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function schemaOf(version: JsonObject | undefined): Json {
  return isJsonObject(version?.schema) ? (version.schema.openAPIV3Schema ?? null) : null;
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
