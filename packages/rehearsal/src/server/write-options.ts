import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { RequestContext } from "./context.ts";
import { forbiddenValue, invalidValue, requiredValue, tooLong, unsupportedValue } from "./field-error.ts";
import { invalid } from "./status-errors.ts";

const MAX_MANAGER_BYTES = 128;

/** What a write's query says. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who will own the fields: `fieldManager`, else the first part of the user agent. */
  readonly manager: string;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
}

/** Reads them; everything that is wrong with them is a StatusError 422 (apimachinery meta/v1/validation). */
export function parseWriteOptions({ request, info }: RequestContext): WriteOptions {
  const { query, headers } = request;
  const dryRun = query.getAll("dryRun");
  const validation = query.get("fieldValidation") || "Warn";
  const errors: FieldError[] = [];
  if (isApplyPatch(headers)) {
    if (!query.get("fieldManager")) {
      errors.push(requiredValue("fieldManager", "is required for apply patch"));
    }
  } else if (query.get("force") !== null) {
    errors.push(forbiddenValue("force", "may not be specified for non-apply patch"));
  }
  errors.push(...checkManager(query.get("fieldManager") ?? ""));
  if (dryRun.some((value) => value !== "All")) errors.push(unsupportedValue("dryRun", dryRun, ["All"]));
  if (!isValidation(validation)) {
    errors.push(unsupportedValue("fieldValidation", validation, ["", "Ignore", "Strict", "Warn"]));
  }
  if (errors.length > 0 || !isValidation(validation)) {
    const kind = `${info.verb.charAt(0).toUpperCase()}${info.verb.slice(1)}Options`;
    throw invalid({ group: "meta.k8s.io", kind }, "", errors);
  }
  const manager =
    query.get("fieldManager") || (headers["user-agent"] ?? "unknown").split("/")[0] || "unknown";
  return { dryRun: dryRun.length > 0, manager: manager.slice(0, 128), fieldValidation: validation };
}

function isValidation(text: string): text is WriteOptions["fieldValidation"] {
  return text === "Ignore" || text === "Warn" || text === "Strict";
}

function isApplyPatch(headers: Readonly<Record<string, string>>): boolean {
  return (headers["content-type"] ?? "").startsWith("application/apply-patch");
}

function checkManager(manager: string): FieldError[] {
  const errors = manager.length > MAX_MANAGER_BYTES ? [tooLong("fieldManager", MAX_MANAGER_BYTES)] : [];
  for (const [at, letter] of [...manager].entries()) {
    // Letters beyond ASCII are fine; what cannot be printed is not.
    if (!/\p{C}/u.test(letter)) continue;
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    errors.push(invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${at})`));
  }
  return errors;
}

/** The options object that admission sees; a patch is an update to it, or a create. */
export function admissionOptions(
  kind: "CreateOptions" | "UpdateOptions",
  { request }: RequestContext,
): JsonObject {
  const options: JsonObject = { kind, apiVersion: "meta.k8s.io/v1" };
  for (const name of ["fieldManager", "fieldValidation"]) {
    const value = request.query.get(name);
    if (value) options[name] = value;
  }
  if (request.query.get("dryRun")) options.dryRun = ["All"];
  return options;
}
