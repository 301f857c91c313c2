// What a list or a watch may ask for (apimachinery meta/internalversion/validation, apiserver storage/continue.go).
import { posix } from "node:path";
import type { FieldError } from "@slipway/kubernetes";
import { describeSyntax } from "./body.ts";
import { forbiddenValue, unsupportedValue } from "./field-error.ts";
import { StatusError } from "./status-error.ts";
import { badRequest, invalid } from "./status-errors.ts";

/** Where a list goes on: after which key, at which revision; -1 is the newest (apiserver storage `continueToken`). */
export interface ContinueToken {
  readonly v: "meta.k8s.io/v1";
  readonly rv: number;
  readonly start: string;
}

const match = "resourceVersionMatch";

/** Throws for options of a list that may not be asked for together. */
export function checkListOptions(query: URLSearchParams): void {
  const version = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(version)) throw badRequest(`invalid resource version: ${notANumber(version)}`);
  const wanted = query.get(match) ?? "";
  const goesOn = Boolean(query.get("continue"));
  const errors: FieldError[] = [];
  if (wanted !== "") {
    if (version === "") {
      errors.push(forbiddenValue(match, `${match} is forbidden unless resourceVersion is provided`));
    }
    if (goesOn) errors.push(forbiddenContinue);
    if (!["Exact", "NotOlderThan"].includes(wanted)) {
      errors.push(unsupportedValue(match, wanted, ["Exact", "NotOlderThan", ""]));
    }
    if (wanted === "Exact" && version === "0") {
      errors.push(forbiddenValue(match, `${match} "exact" is forbidden for resourceVersion "0"`));
    }
  }
  if (query.get("sendInitialEvents") !== null) {
    errors.push(forbiddenValue("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  refuse(errors);
  if (goesOn && version !== "" && version !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
}

/** Throws for options of a watch that may not be asked for together. */
export function checkWatchOptions(query: URLSearchParams): void {
  const version = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(version)) throw new StatusError(500, "", notANumber(version));
  const wanted = query.get(match) ?? "";
  const sendsInitial = query.get("sendInitialEvents") !== null;
  const errors: FieldError[] = [];
  if (sendsInitial && wanted !== "NotOlderThan") {
    errors.push(forbiddenValue(match, `sendInitialEvents requires setting ${match} to NotOlderThan`));
  }
  if (wanted !== "") {
    if (!sendsInitial) {
      const detail = `${match} is forbidden for watch unless sendInitialEvents is provided`;
      errors.push(forbiddenValue(match, detail));
    }
    if (wanted !== "NotOlderThan") errors.push(unsupportedValue(match, wanted, ["NotOlderThan"]));
    if (query.get("continue")) errors.push(forbiddenContinue);
  }
  refuse(errors);
}

const forbiddenContinue = forbiddenValue(match, `${match} is forbidden when continue is provided`);

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
}

/** A client that has seen another, newer state of this store (apiserver storage NewTooLargeResourceVersionError). */
export function tooLarge(asked: number, current: number): StatusError {
  return new StatusError(
    504,
    "Timeout",
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  );
}

export function formatContinue(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

/** The token of a `continue`; undefined when there is none. */
export function parseContinue(text: string | null): ContinueToken | undefined {
  if (!text) return undefined;
  const decoded = Buffer.from(text, "base64url").toString();
  const invalidKey = (why: string) => badRequest(`invalid continue token: continue key is not valid${why}`);
  let token: Partial<ContinueToken>;
  try {
    token = JSON.parse(decoded);
  } catch (error) {
    throw invalidKey(`: ${describeSyntax(error, decoded)}`);
  }
  const { v = "", rv, start } = token;
  if (v !== "meta.k8s.io/v1") throw invalidKey(`: server does not recognize this encoded version ${v}`);
  if (!Number.isInteger(rv) || rv === 0) {
    throw invalidKey(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
  }
  if (typeof start !== "string" || start === "") {
    throw invalidKey(": encoded start key empty (version meta.k8s.io/v1)");
  }
  const key = start.startsWith("/") ? start : `/${start}`;
  if (posix.normalize(key).replace(/(?<=.)\/$/, "") !== key) throw invalidKey(`: ${start}`);
  return { v, rv: rv as number, start };
}

/** How Go complains of a resourceVersion that is no number. */
function notANumber(version: string): string {
  const text = JSON.stringify(version);
  return `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`;
}

/** A number of the query; 0 when there is none. */
export function parseNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? "";
  if (text === "") return 0;
  const value = Number(text);
  if (!Number.isInteger(value)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return value;
}
