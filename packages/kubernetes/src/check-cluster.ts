import { isJsonObject, type Json, ProblemError } from "@slipway/yaml";
import { type ApiError, ConnectionError, toApiError } from "./errors.ts";
import type { Transport } from "./transport.ts";

/** What `/version` said. */
export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
  /** `v1.34.2+k3s1` */
  readonly gitVersion: string;
}

/** The oldest Kubernetes minor version that is supported: server-side apply, aggregated discovery and CEL are stable there. */
export const oldestMinor = 31;

/**
 * Asks a cluster who it is, with the credentials at hand. Throws a ProblemError that says what stands in the
 * way and what to do: `cluster/unreachable`, `cluster/refused`, `cluster/tls`, `cluster/unauthorized`,
 * `cluster/forbidden`, `cluster/not-kubernetes`, `cluster/too-old`.
 * `server` and `context` are only for the messages.
 */
export async function checkCluster(options: {
  readonly transport: Transport;
  readonly server: string;
  readonly context: string;
  readonly userAgent: string;
}): Promise<ServerVersion> {
  const read = async (path: string): Promise<string> => {
    try {
      const headers = { accept: "application/json", "user-agent": options.userAgent };
      const response = await options.transport({ method: "GET", path, headers });
      const text = await response.text();
      if (response.status >= 400) throw toApiError(response.status, text);
      return text;
    } catch (error) {
      throw explainClusterError(error, options);
    }
  };
  const version = parseVersion(await read("/version"), options);
  if (version.major === 1 && version.minor < oldestMinor) {
    throw new ProblemError({
      code: "cluster/too-old",
      message: `the cluster runs Kubernetes ${version.gitVersion}; 1.${oldestMinor} is the oldest that is supported`,
      next: "upgrade the cluster, or choose another context",
    });
  }
  // Anybody may read /version; the groups need an identity that the server accepts.
  await read("/apis");
  return version;
}

/** What a failed request means for the person who named the cluster. ProblemErrors pass through. */
export function explainClusterError(
  error: unknown,
  where: { readonly server: string; readonly context: string },
): ProblemError {
  if (error instanceof ProblemError) return error;
  const problem = (code: string, message: string, next: string) =>
    new ProblemError({ code: `cluster/${code}`, message, next }, { cause: error });
  const { server, context } = where;
  if ((error as ApiError).name === "ApiError") {
    const { code, message } = error as ApiError;
    if (code === 401) {
      return problem(
        "unauthorized",
        `${server} does not accept the credentials of context "${context}"`,
        "log in again, or check the user entry of that context",
      );
    }
    if (code === 403) {
      return problem(
        "forbidden",
        `the user of context "${context}" may not do this: ${message}`,
        "use a context whose user is a cluster administrator",
      );
    }
    return problem("not-kubernetes", `${server} answered ${code}: ${message}`, "check the server's address");
  }
  const { code, text } = rootCause(error);
  if (code === "ECONNREFUSED") {
    return problem(
      "refused",
      `${server} refuses connections`,
      "is the cluster running? check the server's address and port",
    );
  }
  if (isTls(code, text)) {
    return problem(
      "tls",
      `the certificate of ${server} is not accepted: ${text}`,
      `check certificate-authority and tls-server-name of context "${context}"`,
    );
  }
  return problem(
    "unreachable",
    `${server} cannot be reached: ${text}`,
    "check the address, the network and the proxy",
  );
}

function parseVersion(text: string, { server }: { readonly server: string }): ServerVersion {
  let body: Json = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Not JSON: said below.
  }
  if (!isJsonObject(body) || typeof body.gitVersion !== "string") {
    throw new ProblemError({
      code: "cluster/not-kubernetes",
      message: `${server} answers, but not as a Kubernetes API server does`,
      next: "check the server's address",
    });
  }
  // Some providers say "31+".
  const minor = Number.parseInt(String(body.minor), 10);
  return { major: Number.parseInt(String(body.major), 10), minor, gitVersion: body.gitVersion };
}

function rootCause(error: unknown): { code: string; text: string } {
  let found = { code: "", text: String(error) };
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code;
    const known = typeof code === "string" && code !== "";
    if (known || !(at instanceof ConnectionError))
      found = { code: known ? code : found.code, text: at.message };
    if (at instanceof AggregateError && at.errors[0] instanceof Error) found.text = at.errors[0].message;
  }
  return found;
}

function isTls(code: string, text: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|TLS|SSL/.test(code) || /certificate|ssl|tls/i.test(text);
}
