import { type ApiError, ConnectionError, isApiError } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject, type Problem } from "@slipway/yaml";

/** What to do about a refused write: try again, after the pause that the server named, or give up. */
export type Verdict =
  | {
      readonly retry: true;
      readonly reason: string;
      readonly afterMs?: number;
      /** The server has too much to do. */
      readonly overloaded?: boolean;
      /** Fields to leave out, and then at once. */
      readonly yieldTo?: readonly OwnedField[];
    }
  | { readonly retry: false; readonly problem: Omit<Problem, "object" | "position"> };

/** A field that another manager holds, as the server names both. */
export interface OwnedField {
  readonly field: string;
  readonly manager: string;
}

/** What the plan knows that the error does not say. */
export interface ErrorContext {
  readonly kind: string;
  /** The object's kind is defined by a CustomResourceDefinition of the plan, so it will be served. */
  readonly kindIsPlanned: boolean;
  /** The namespace is an object of the plan. */
  readonly namespaceIsPlanned: boolean;
}

/** Tells transient from final errors of a write, as deploy engines have learnt to (kapp, nelm, Flux). */
export function classifyError(error: unknown, context: ErrorContext): Verdict {
  if (error instanceof ConnectionError) return { retry: true, reason: error.message };
  if (!isApiError(error)) {
    return final("deploy/internal", error instanceof Error ? error.message : String(error));
  }
  const { code } = error;
  const message = withoutValues(error.message, context.kind);
  const away = webhookAway(error.message);
  if (away) return { retry: true, reason: `${away} does not answer: ${tail(message)}` };
  if (/admission webhook ".*" denied the request/.test(message)) return final("deploy/denied", message);
  if (isBeingDeleted(error)) return { retry: true, reason: message };
  switch (code) {
    case 400:
      return final("deploy/invalid", message);
    case 401:
      return final(
        "deploy/unauthorized",
        "the server no longer accepts the credentials",
        "log in again and repeat the command",
      );
    case 403:
      return forbidden(message, context);
    case 404:
      return notFound(message, context);
    case 409:
      return conflict(error, message);
    case 422:
      return invalid(message);
    case 429:
      return { retry: true, reason: message, overloaded: true, ...after(error) };
    default:
      return code >= 500 || code === 408
        ? { retry: true, reason: message, ...after(error) }
        : final("deploy/refused", message);
  }
}

/** The webhook that the server could not call, from its message; undefined when that is not what happened. */
export function webhookAway(message: string): string | undefined {
  const called = /failed calling (?:admission )?webhook "([^"]+)"/.exec(message);
  if (called) return `webhook ${called[1]}`;
  const conversion = /conversion webhook for (.+?) failed/.exec(message);
  return conversion ? `the conversion webhook of ${conversion[1]}` : undefined;
}

function isBeingDeleted(error: ApiError): boolean {
  const text = error.message;
  if (causes(error).some((cause) => cause.reason === "NamespaceTerminating")) return true;
  return /because it is being terminated|object is being deleted/.test(text);
}

function forbidden(message: string, context: ErrorContext): Verdict {
  if (/serviceaccount "[^"]*" not found/.test(message) && context.namespaceIsPlanned) {
    return { retry: true, reason: message };
  }
  if (/exceeded quota/.test(message))
    return final("deploy/quota", message, "raise the quota or free resources");
  return final("deploy/forbidden", message, "use a context whose user is a cluster administrator");
}

function notFound(message: string, { kind, kindIsPlanned, namespaceIsPlanned }: ErrorContext): Verdict {
  const namespace = /namespaces "([^"]+)" not found/.exec(message)?.[1];
  if (namespace !== undefined) {
    return namespaceIsPlanned
      ? { retry: true, reason: message }
      : final("deploy/no-namespace", message, `create the namespace ${namespace}, or add it to the release`);
  }
  return kindIsPlanned
    ? { retry: true, reason: `${kind} is not served yet` }
    : final(
        "deploy/no-kind",
        `the cluster does not serve ${kind}: ${message}`,
        "add its CustomResourceDefinition to the release",
      );
}

/**
 * A controller that changed a field keeps it: the field is left out and the write repeated. What a person or
 * another deployment tool set is not decided here. The server says "using" of managers that update, and nothing
 * of those that apply (structured-merge-diff, conflicts).
 */
function conflict(error: ApiError, message: string): Verdict {
  const fields = causes(error).filter((cause) => cause.reason === "FieldManagerConflict");
  if (fields.length === 0) return { retry: true, reason: message };
  const owned = fields.map((cause): OwnedField & { readonly isController: boolean } => {
    const said = String(cause.message);
    const manager = /conflict with "([^"]+)"/.exec(said)?.[1] ?? said;
    const isController = / using /.test(said) && !manager.startsWith("kubectl");
    return { field: String(cause.field), manager, isController };
  });
  if (owned.every(({ isController }) => isController))
    return { retry: true, reason: message, yieldTo: owned };
  const list = owned.map(({ field, manager }) => `${field} (${manager})`);
  return final(
    "deploy/conflict",
    `other managers own ${list.length === 1 ? "a field" : `${list.length} fields`} that it sets: ${list.join(", ")}`,
    "take the field out of the release, or take it over by force",
  );
}

function invalid(message: string): Verdict {
  const immutable = /field is immutable|is immutable|updates to statefulset spec/i.test(message);
  return immutable
    ? final(
        "deploy/immutable",
        message,
        "delete the object and run the command again; it is created anew then",
      )
    : final("deploy/invalid", message);
}

function final(code: string, message: string, next?: string): Verdict {
  return { retry: false, problem: { code, message, ...(next ? { next } : {}) } };
}

function after({ retryAfterMs }: ApiError): { afterMs?: number } {
  return retryAfterMs === undefined ? {} : { afterMs: retryAfterMs };
}

function causes({ status }: ApiError): JsonObject[] {
  const details = isJsonObject(status.details) ? status.details : {};
  return Array.isArray(details.causes) ? details.causes.filter(isJsonObject) : [];
}

/** What follows the last "failed calling webhook …:" is the part that says why. */
function tail(message: string): string {
  return message.replace(
    /^.*?(?:failed calling (?:admission )?webhook "[^"]+"|conversion webhook for .+? failed): ?/,
    "",
  );
}

/** Validation errors quote the value that they refuse; a Secret's stays unsaid. */
function withoutValues(message: string, kind: string): string {
  return kind === "Secret"
    ? message.replace(
        /(Invalid value|Unsupported value|Duplicate value): ("(?:[^"\\]|\\.)*"|[^:\s]+)/g,
        "$1: (hidden)",
      )
    : message;
}
