// What makes a CustomResourceDefinition itself invalid (apiextensions pkg/apis/apiextensions/validation).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { equalJson } from "../equal-json.ts";
import { type FieldError, fieldError } from "./field-error.ts";
import { validateStructural } from "./structural.ts";

const dnsLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const labelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

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
    if (name === "" && (key === "plural" || key === "kind"))
      errors.push(fieldError("FieldValueRequired", field, ""));
    else if (
      name !== "" &&
      !dnsLabel.test(key === "kind" || key === "listKind" ? name.toLowerCase() : name)
    ) {
      errors.push(fieldError("FieldValueInvalid", field, labelText, name));
    }
  }
  if (text(names.kind) !== "" && names.kind === names.listKind) {
    const detail = "kind and listKind may not be the same";
    errors.push(fieldError("FieldValueInvalid", "spec.names.listKind", detail, names.listKind));
  }
  return errors;
}

function validateVersions(spec: JsonObject): FieldError[] {
  const versions = Array.isArray(spec.versions) ? spec.versions.filter(isJsonObject) : [];
  const errors: FieldError[] = [];
  const shown = Array.isArray(spec.versions) ? versions.map(internalVersion) : null;
  const fail = (detail: string) =>
    errors.push(fieldError("FieldValueInvalid", "spec.versions", detail, shown));
  // Conversion moves what all versions have in common out of them, where the check then finds it.
  const shared = versions.every((version) => equalJson(schemaOf(version), schemaOf(versions[0])));
  const names = versions.map(({ name }) => name);
  const stored = versions.filter((version) => version.storage === true).length;
  if (stored !== 1) fail("must have exactly one version marked as storage version");
  if (new Set(names).size < names.length) fail("must contain unique version names");
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    if (!dnsLabel.test(text(version.name))) {
      errors.push(fieldError("FieldValueInvalid", `${path}.name`, labelText, version.name ?? ""));
    }
    if (!shared) errors.push(...validateVersionSchema(version, `${path}.schema.openAPIV3Schema`));
  }
  const [first] = versions;
  if (first && !dnsLabel.test(text(first.name))) {
    errors.push(fieldError("FieldValueInvalid", "spec.version", labelText, first.name ?? ""));
  }
  if (shared && first) {
    if (isJsonObject(schemaOf(first)))
      errors.push(...validateVersionSchema(first, "spec.validation.openAPIV3Schema"));
    else errors.push(fieldError("FieldValueRequired", "spec.versions[0].schema.openAPIV3Schema", ""));
  }
  return errors;
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

function validateVersionSchema(version: JsonObject, path: string): FieldError[] {
  const source = schemaOf(version);
  if (!isJsonObject(source)) return [fieldError("FieldValueRequired", path, "schemas are required")];
  return validateStructural(source, path);
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
