import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { RequestContext } from "./context.ts";
import { forbiddenValue, invalidValue, tooLong, unsupportedValue } from "./field-error.ts";
import type { StatusError } from "./status-error.ts";
import { invalid } from "./status-errors.ts";

const MAX_MANAGER_BYTES = 128;

/** What a write's query says. */
export interface WriteOptions {
  readonly dryRun: boolean;
  /** Who will own the fields: `fieldManager`, else the first part of the user agent. */
  readonly manager: string;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
}

/** Reads them; unknown values are a StatusError 422. */
export function parseWriteOptions({ request, info }: RequestContext): WriteOptions {
  const { query, headers } = request;
  const kind = `${info.verb.charAt(0).toUpperCase()}${info.verb.slice(1)}Options`;
  const refuse = (error: FieldError) => invalid({ group: "meta.k8s.io", kind }, "", [error]);
  const dryRun = query.getAll("dryRun");
  if (dryRun.some((value) => value !== "All")) {
    throw refuse(unsupportedValue("dryRun", dryRun, ["All"]));
  }
  const validation = query.get("fieldValidation") || "Warn";
  if (validation !== "Ignore" && validation !== "Warn" && validation !== "Strict") {
    throw refuse(unsupportedValue("fieldValidation", validation, ["", "Ignore", "Strict", "Warn"]));
  }
  if (query.get("force") !== null && !isApplyPatch(headers)) {
    throw refuse(forbiddenValue("force", "may not be specified for non-apply patch"));
  }
  checkManager(query.get("fieldManager") ?? "", refuse);
  const manager =
    query.get("fieldManager") || (headers["user-agent"] ?? "unknown").split("/")[0] || "unknown";
  return { dryRun: dryRun.length > 0, manager: manager.slice(0, 128), fieldValidation: validation };
}

function isApplyPatch(headers: Readonly<Record<string, string>>): boolean {
  return (headers["content-type"] ?? "").startsWith("application/apply-patch");
}

function checkManager(manager: string, refuse: (error: FieldError) => StatusError): void {
  if (manager.length > MAX_MANAGER_BYTES) throw refuse(tooLong("fieldManager", MAX_MANAGER_BYTES));
  // Letters beyond ASCII are fine; what cannot be printed is not.
  const at = [...manager].findIndex((letter) => /\p{C}/u.test(letter));
  if (at < 0) return;
  const code = ([...manager][at]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  throw refuse(invalidValue("fieldManager", manager, `invalid character U+${code} (at position ${at})`));
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
