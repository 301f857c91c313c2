// Objects, lists and refusals as answers.
import type { Json, JsonObject } from "@slipway/yaml";
import { frozenText } from "../store/immutable.ts";
import type { ApiAnswer } from "./request.ts";
import { StatusError } from "./status-error.ts";

/** A JSON answer. */
export function answerJson(status: number, value: object, warnings: readonly string[] = []): ApiAnswer {
  return { status, headers: withWarnings(warnings), body: frozenText(value) };
}

/** A list whose items keep the text that was made of them once. */
export function answerList(
  head: { apiVersion: string; kind: string; metadata: JsonObject },
  items: readonly object[],
  warnings: readonly string[] = [],
): ApiAnswer {
  const start = JSON.stringify(head).slice(0, -1);
  const body = `${start},"items":[${items.map(frozenText).join(",")}]}`;
  return { status: 200, headers: withWarnings(warnings), body };
}

/** Plain text, as the health and not-found handlers write it. */
export function answerText(status: number, body: string): ApiAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

/** What is thrown while a request is served, as a Status; anything unforeseen is a 500. */
export function answerError(error: unknown, warnings: readonly string[] = []): ApiAnswer {
  const refusal = error instanceof StatusError ? error : unforeseen(error);
  const headers: Record<string, string> = withWarnings(warnings);
  const wait: Json | undefined = refusal.details?.retryAfterSeconds;
  if (typeof wait === "number") headers["retry-after"] = String(wait);
  return { status: refusal.code, headers, body: JSON.stringify(refusal.toStatus()) };
}

function unforeseen(error: unknown): StatusError {
  return internalError(error instanceof Error ? error.message : String(error));
}

/** What the server answers when something went wrong inside of it. */
export function internalError(message: string): StatusError {
  return new StatusError(500, "InternalError", `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}

function withWarnings(warnings: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  // The same text is told once (apiserver pkg/endpoints/filters/warning.go).
  const texts = [...new Set(warnings)].filter(isPrintable).map((text) => `299 - ${quote(text)}`);
  if (texts.length > 0) headers.warning = texts.join(", ");
  return headers;
}

/** A text with a line end or another control character is told to nobody (apimachinery net.NewWarningHeader). */
function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text);
}

/** A quoted-string of RFC 7230: quotes and backslashes escaped. */
function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
