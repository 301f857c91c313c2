import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/** The server answered and refused. `status` is the `meta/v1.Status` that it sent. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status, or the code in the Status of a watch's ERROR line. */
  readonly code: number;
  /** `status.reason`, for instance `NotFound`; "" when the server gave none. */
  readonly reason: string;
  readonly status: JsonObject;
  /** From the `Retry-After` header or `status.details.retryAfterSeconds`. */
  readonly retryAfterMs: number | undefined;

  constructor(code: number, status: JsonObject, retryAfterMs?: number) {
    super(typeof status.message === "string" ? status.message : `the server answered ${code}`);
    this.code = code;
    this.reason = typeof status.reason === "string" ? status.reason : "";
    this.status = status;
    this.retryAfterMs = retryAfterMs ?? retryAfterOf(status);
  }
}

/** No answer came: refused, unreachable, TLS, or the connection broke half-way. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** The system's or TLS's own code: `ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`; "" when there is none. */
  readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = codeOf(options?.cause);
  }
}

/** True for an ApiError with this HTTP status. */
export function isApiError(error: unknown, code?: number): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/**
 * The ApiError for an answer that is no success. A body that is no Status (a proxy's page) becomes one, its
 * text shortened.
 */
export function toApiError(code: number, body: string, retryAfter?: string): ApiError {
  const parsed = parseObject(body);
  const status: JsonObject =
    parsed?.kind === "Status"
      ? parsed
      : {
          kind: "Status",
          apiVersion: "v1",
          status: "Failure",
          message: shorten(body, code),
          reason: "",
          code,
        };
  const seconds = Number(retryAfter);
  return new ApiError(code, status, retryAfter && Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

function retryAfterOf(status: JsonObject): number | undefined {
  const details = status.details;
  if (!isJsonObject(details) || typeof details.retryAfterSeconds !== "number") return undefined;
  return details.retryAfterSeconds * 1000;
}

function parseObject(body: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function shorten(body: string, code: number): string {
  const text = body.trim().replace(/\s+/g, " ");
  if (text === "") return `the server answered ${code}`;
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function codeOf(cause: unknown): string {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string") return code;
  }
  return "";
}
