// What makes a CustomResourceDefinition itself invalid (apiextensions pkg/apis/apiextensions/validation).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { validateStructural } from "./structural.ts";

const dnsLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/**
 * Names, versions, conversion, and whether each version's schema is structural and its rules compile. Empty when
 * the API server would accept the definition. Defaults must have been filled in.
 */
export function validateCustomResourceDefinition(crd: JsonObject): FieldError[] {
  const spec = isJsonObject(crd.spec) ? crd.spec : {};
  const names = isJsonObject(spec.names) ? spec.names : {};
  const metadata = isJsonObject(crd.metadata) ? crd.metadata : {};
  const errors: FieldError[] = [];
  const expected = `${text(names.plural)}.${text(spec.group)}`;
  if (metadata.name !== expected) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    errors.push(fieldError("FieldValueInvalid", "metadata.name", detail, metadata.name ?? ""));
  }
  errors.push(...validateGroup(spec), ...validateNames(names), ...validateScope(spec));
  errors.push(...validateVersions(spec), ...validateConversion(spec));
  return errors;
}

function validateGroup(spec: JsonObject): FieldError[] {
  const group = text(spec.group);
  if (group === "") return [fieldError("FieldValueRequired", "spec.group", "")];
  if (!dnsSubdomain.test(group)) return [fieldError("FieldValueInvalid", "spec.group", subdomainText, group)];
  if (group.includes(".")) return [];
  return [fieldError("FieldValueInvalid", "spec.group", "should be a domain with at least one dot", group)];
}

function validateScope({ scope }: JsonObject): FieldError[] {
  if (scope === "Namespaced" || scope === "Cluster") return [];
  if (scope === undefined || scope === "") return [fieldError("FieldValueRequired", "spec.scope", "")];
  const detail = 'supported values: "Cluster", "Namespaced"';
  return [fieldError("FieldValueNotSupported", "spec.scope", detail, scope)];
}

function validateNames(names: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of ["plural", "singular", "kind", "listKind"]) {
    const name = text(names[key]);
    const field = `spec.names.${key}`;
    const mixed = key === "kind" || key === "listKind";
    if (name === "") {
      // The singular and the kind of lists are made of the kind.
      const derived = (key === "singular" || key === "listKind") && text(names.kind) !== "";
      if (!derived) errors.push(fieldError("FieldValueRequired", field, ""));
    } else if (!dnsLabel.test(mixed ? name.toLowerCase() : name)) {
      const detail = mixed ? `may have mixed case, but should otherwise match: ${labelText}` : labelText;
      errors.push(fieldError("FieldValueInvalid", field, detail, name));
    }
  }
  if (text(names.kind) !== "" && names.kind === names.listKind) {
    const detail = "kind and listKind may not be the same";
    errors.push(fieldError("FieldValueInvalid", "spec.names.listKind", detail, names.listKind));
  }
  for (const key of ["shortNames", "categories"]) {
    for (const [index, name] of list(names[key]).entries()) {
      if (dnsLabel.test(text(name))) continue;
      errors.push(fieldError("FieldValueInvalid", `spec.names.${key}[${index}]`, labelText, text(name)));
    }
  }
  return errors;
}

function validateVersions(spec: JsonObject): FieldError[] {
  const versions = list(spec.versions).filter(isJsonObject);
  const errors: FieldError[] = [];
  const shown = Array.isArray(spec.versions) ? versions.map(internalVersion) : null;
  const fail = (detail: string) =>
    errors.push(fieldError("FieldValueInvalid", "spec.versions", detail, shown));
  // Conversion moves what all versions have in common out of them, where the check then finds it.
  const [first] = versions;
  const isShared = (of: (version: JsonObject) => Json) =>
    first !== undefined && versions.every((version) => equalJson(of(version), of(first)));
  const sharedSchema = isShared(schemaOf);
  const sharedColumns = isShared(columnsOf);
  const names = versions.map(({ name }) => name);
  const stored = versions.filter((version) => version.storage === true).length;
  if (stored !== 1) fail("must have exactly one version marked as storage version");
  if (new Set(names).size < names.length) fail("must contain unique version names");
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    if (!dnsLabel.test(text(version.name))) {
      errors.push(fieldError("FieldValueInvalid", `${path}.name`, labelText, version.name ?? ""));
    }
    const source = schemaOf(version);
    const place = `${path}.schema.openAPIV3Schema`;
    if (!isJsonObject(source)) errors.push(fieldError("FieldValueRequired", place, ""));
    else if (!sharedSchema) errors.push(...validateStructural(source, place));
    if (!sharedColumns) errors.push(...validateColumns(version, path));
  }
  if (!first) return errors;
  if (text(first.name) !== "" && !dnsLabel.test(text(first.name))) {
    errors.push(fieldError("FieldValueInvalid", "spec.version", labelText, first.name ?? ""));
  }
  const source = schemaOf(first);
  if (sharedSchema && isJsonObject(source)) {
    errors.push(...validateStructural(source, "spec.validation.openAPIV3Schema"));
  }
  if (sharedColumns) errors.push(...validateColumns(first, "spec"));
  return errors;
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

/** A version as the server's own type prints, without what all versions share. */
function internalVersion(version: JsonObject): JsonObject {
  return {
    Name: version.name ?? "",
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
}

function schemaOf(version: JsonObject | undefined): Json {
  return isJsonObject(version?.schema) ? (version.schema.openAPIV3Schema ?? null) : null;
}

function validateConversion({ conversion }: JsonObject): FieldError[] {
  if (!isJsonObject(conversion)) return [];
  const { strategy } = conversion;
  const path = "spec.conversion";
  if (strategy === "None") {
    if (conversion.webhook === undefined) return [];
    const detail = "should not be set when strategy is not set to Webhook";
    return [fieldError("FieldValueForbidden", `${path}.webhook`, detail)];
  }
  if (strategy === "Webhook") {
    const webhook = isJsonObject(conversion.webhook) ? conversion.webhook : {};
    const versions = webhook.conversionReviewVersions;
    const detail = "required when strategy is set to Webhook";
    const field = `${path}.conversionReviewVersions`;
    const known =
      Array.isArray(versions) && versions.some((version) => version === "v1" || version === "v1beta1");
    return [
      ...(isJsonObject(webhook.clientConfig)
        ? []
        : [fieldError("FieldValueRequired", `${path}.webhookClientConfig`, detail)]),
      ...(Array.isArray(versions) && versions.length > 0
        ? known
          ? []
          : [fieldError("FieldValueInvalid", field, "must include at least one of v1, v1beta1", versions)]
        : [fieldError("FieldValueRequired", field, "")]),
    ];
  }
  const detail = 'supported values: "None", "Webhook"';
  return [fieldError("FieldValueNotSupported", `${path}.strategy`, detail, strategy ?? "")];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
