// Fields of a Pod that its containers are shown (kubernetes pkg/apis/core/validation validateObjectFieldSelector).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { textAt } from "../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../field-error.ts";

const offered =
  /^(metadata\.(name|namespace|uid|labels|annotations|labels\['.+'\]|annotations\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

/** What is wrong with a `fieldRef`. */
export function validateFieldReference(reference: JsonObject, path: string): FieldError[] {
  const version = textAt(reference, "apiVersion");
  const field = textAt(reference, "fieldPath");
  if (version === "") return [requiredValue(`${path}.apiVersion`)];
  if (!field) return [requiredValue(`${path}.fieldPath`)];
  if (version !== undefined && version !== "v1") {
    const detail = `error converting fieldPath: unsupported pod version: ${version}`;
    return [invalidValue(`${path}.fieldPath`, field, detail)];
  }
  if (offered.test(field)) return [];
  const detail = `error converting fieldPath: field label not supported: ${field}`;
  return [invalidValue(`${path}.fieldPath`, field, detail)];
}
