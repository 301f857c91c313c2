import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { answerJson, answerList } from "../answers.ts";
import { describeSyntax } from "../body.ts";
import type { RequestContext } from "../context.ts";
import { fromStorage } from "../conversion.ts";
import { forbiddenValue, unsupportedValue } from "../field-error.ts";
import { negotiateForm } from "../negotiate.ts";
import { partialMetadata } from "../partial-metadata.ts";
import { apiVersionOf } from "../registry.ts";
import type { ApiAnswer } from "../request.ts";
import { selectionOf } from "../selection.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, invalid } from "../status-errors.ts";
import { renderTable } from "../tables/render.ts";

/** Where a list goes on: after which key, at which revision (apiserver storage `continueToken`). */
interface ContinueToken {
  readonly v: "meta.k8s.io/v1";
  readonly rv: number;
  readonly start: string;
}

/** Part of a collection, and what its list says of itself. */
export interface Page {
  readonly objects: readonly KubernetesObject[];
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** What a request's selectors and limit cover of a collection, as stored; every page of the same revision. */
export function selectPage(context: RequestContext): Page {
  const { server, request, type } = context;
  const { query } = request;
  const limit = parseNumber(query, "limit");
  const token = parseToken(query.get("continue"));
  validateListOptions(query);
  const asked = Number(query.get("resourceVersion") ?? 0);
  if (asked > server.store.revision()) throw tooLarge(asked, server.store.revision());
  const exact = query.get("resourceVersionMatch") === "Exact" ? asked : 0;
  const snapshot = server.store.snapshot(type.collection, token?.rv ?? (exact || undefined));
  const selected = selectionOf(context);

  const page: (typeof snapshot.entries)[number][] = [];
  let remaining = 0;
  for (const entry of snapshot.entries) {
    if (token && entry[0] <= token.start) continue;
    if (!selected.covers(entry[1])) continue;
    if (limit > 0 && page.length >= limit) remaining++;
    else page.push(entry);
  }
  const metadata: Page["metadata"] = { resourceVersion: String(snapshot.revision) };
  const last = page.at(-1);
  if (remaining > 0 && last) {
    metadata.continue = formatToken({ v: "meta.k8s.io/v1", rv: snapshot.revision, start: last[0] });
    // With a selector the real server does not know how many are left.
    if (!selected.narrowed) metadata.remainingItemCount = remaining;
  }
  return { objects: page.map(([, object]) => object), metadata };
}

/** A list: selected, page by page if asked. */
export async function list(context: RequestContext): Promise<ApiAnswer> {
  const { server, request, type, warnings } = context;
  const { query } = request;
  const { objects: stored, metadata } = selectPage(context);
  const objects = await fromStorage(server, type, stored);
  switch (negotiateForm(request.headers.accept)) {
    case "table":
      return answerJson(
        200,
        renderTable(type, objects, { now: server.clock.now(), query, metadata }),
        warnings,
      );
    case "metadata":
      return answerList(
        { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadataList", metadata },
        objects.map(partialMetadata),
        warnings,
      );
    default:
      return answerList(
        { apiVersion: apiVersionOf(type), kind: `${type.kind}List`, metadata },
        objects,
        warnings,
      );
  }
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

/** What may not be asked together (apimachinery meta/internalversion/validation). */
function validateListOptions(query: URLSearchParams): void {
  const version = query.get("resourceVersion") ?? "";
  if (!/^\d*$/.test(version)) {
    throw badRequest(`invalid resource version: ${notANumber(version)}`);
  }
  const match = query.get("resourceVersionMatch") ?? "";
  const refuse = (error: FieldError) => invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [error]);
  if (!["", "Exact", "NotOlderThan"].includes(match)) {
    throw refuse(unsupportedValue("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""]));
  }
  if (query.get("continue") && version !== "" && version !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
  if (match !== "" && version === "") {
    const detail = "resourceVersionMatch is forbidden unless resourceVersion is provided";
    throw refuse(forbiddenValue("resourceVersionMatch", detail));
  }
}

/** How Go complains of a resourceVersion that is no number. */
export function notANumber(version: string): string {
  const text = JSON.stringify(version);
  return `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`;
}

function parseNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? "";
  if (text === "") return 0;
  const value = Number(text);
  if (!Number.isInteger(value)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return value;
}

function formatToken(token: ContinueToken): string {
  return Buffer.from(JSON.stringify(token)).toString("base64url");
}

function parseToken(text: string | null): ContinueToken | undefined {
  if (!text) return undefined;
  const decoded = Buffer.from(text, "base64url").toString();
  let why = "";
  try {
    const token = JSON.parse(decoded);
    if (token.v === "meta.k8s.io/v1" && Number.isInteger(token.rv) && typeof token.start === "string") {
      return token;
    }
  } catch (error) {
    why = `: ${describeSyntax(error, decoded)}`;
  }
  throw badRequest(`invalid continue token: continue key is not valid${why}`);
}
