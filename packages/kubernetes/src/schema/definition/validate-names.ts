import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldError, fieldError } from "../field-error.ts";
import { dnsLabelFaults, dnsSubdomainFaults } from "./dns-names.ts";

/** What is wrong with a definition's group. */
export function validateGroup(spec: JsonObject): FieldError[] {
  const group = text(spec.group);
  if (group === "") return [fieldError("FieldValueRequired", "spec.group", "")];
  const faults = dnsSubdomainFaults(group);
  if (faults.length > 0) return [fieldError("FieldValueInvalid", "spec.group", faults.join(","), group)];
  if (group.includes(".")) return [];
  return [fieldError("FieldValueInvalid", "spec.group", "should be a domain with at least one dot", group)];
}

/** What is wrong with the names of a definition's spec (ValidateCustomResourceDefinitionNames). */
export function validateNames(spec: JsonObject): FieldError[] {
  const names = isJsonObject(spec.names) ? spec.names : {};
  const errors: FieldError[] = [];
  for (const key of ["plural", "singular", "kind", "listKind"]) {
    const name = text(names[key]);
    const field = `spec.names.${key}`;
    const mixed = key === "kind" || key === "listKind";
    const faults = dnsLabelFaults(mixed ? name.toLowerCase() : name).join(",");
    if (name === "") {
      // The singular and the kind of lists are made of the kind.
      const derived = (key === "singular" || key === "listKind") && text(names.kind) !== "";
      if (!derived) errors.push(fieldError("FieldValueRequired", field, ""));
    } else if (faults) {
      const detail = mixed ? `may have mixed case, but should otherwise match: ${faults}` : faults;
      errors.push(fieldError("FieldValueInvalid", field, detail, name));
    }
  }
  if (text(names.kind) !== "" && names.kind === names.listKind) {
    const detail = "kind and listKind may not be the same";
    errors.push(fieldError("FieldValueInvalid", "spec.names.listKind", detail, names.listKind));
  }
  for (const key of ["shortNames", "categories"]) {
    for (const [index, name] of list(names[key]).entries()) {
      const faults = dnsLabelFaults(text(name)).join(",");
      if (!faults) continue;
      errors.push(fieldError("FieldValueInvalid", `spec.names.${key}[${index}]`, faults, text(name)));
    }
  }
  return errors;
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
