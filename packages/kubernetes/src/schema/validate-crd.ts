// What makes a CustomResourceDefinition itself invalid (apiextensions pkg/apis/apiextensions/validation).
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
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
  const stored = versions.filter((version) => version.storage === true).length;
  if (stored !== 1) {
    const detail = "must have exactly one version marked as storage version";
    errors.push(
      fieldError(
        "FieldValueInvalid",
        "spec.versions",
        detail,
        versions.map((v) => v.name ?? ""),
      ),
    );
  }
  const seen = new Set<Json | undefined>();
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    if (seen.has(version.name))
      errors.push(fieldError("FieldValueDuplicate", `${path}.name`, "", version.name));
    seen.add(version.name);
    if (!dnsLabel.test(text(version.name))) {
      errors.push(fieldError("FieldValueInvalid", `${path}.name`, labelText, version.name ?? ""));
    }
    errors.push(...validateVersionSchema(version, `${path}.schema.openAPIV3Schema`));
  }
  return errors;
}

function validateVersionSchema(version: JsonObject, path: string): FieldError[] {
  const source = isJsonObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
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
    if (!isJsonObject(webhook.clientConfig)) {
      const detail = "required when strategy is set to Webhook";
      return [fieldError("FieldValueRequired", `${path}.webhook.clientConfig`, detail)];
    }
    if (Array.isArray(webhook.conversionReviewVersions) && webhook.conversionReviewVersions.length > 0)
      return [];
    return [fieldError("FieldValueRequired", `${path}.webhook.conversionReviewVersions`, "")];
  }
  const detail = 'supported values: "None", "Webhook"';
  return [fieldError("FieldValueNotSupported", `${path}.strategy`, detail, strategy ?? "")];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
