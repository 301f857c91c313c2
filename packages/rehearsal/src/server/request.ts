// What the server is asked and what it answers, independent of how the bytes travel.
import { StatusError } from "./status-error.ts";

/** Who asks. */
export interface UserInfo {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  /** What else an authenticator says of them (authentication.k8s.io/v1 UserInfo). */
  readonly extra?: { readonly [key: string]: readonly string[] };
}

/** One request; `path` holds no query, header names are lower case. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly user: UserInfo;
  readonly signal: AbortSignal | undefined;
}

/** Its answer: a whole body, as text or bytes, or a stream of lines (a watch). */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | AsyncIterable<string>;
}

/** As whom the cluster's own controllers, scheduler and kubelets speak. */
export const controllerManager: UserInfo = {
  name: "system:kube-controller-manager",
  groups: ["system:authenticated"],
};

/** What a resource path asks for, in the terms of authorization and audit. */
export interface RequestInfo {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** The cluster's own administrator, as a kubeconfig's client certificate names it. */
export const administrator: UserInfo = {
  name: "kubernetes-admin",
  groups: ["system:masters", "system:authenticated"],
};

/**
 * Reads a path below `/api/v1` or `/apis/GROUP/VERSION` (apiserver endpoints/request RequestInfoFactory);
 * undefined when it names no resource.
 */
export function parseRequestInfo(
  request: Pick<ApiRequest, "method" | "path" | "query">,
): RequestInfo | undefined {
  const parts = request.path.split("/").slice(1);
  if (parts.at(-1) === "") parts.pop();
  const prefix = parts.shift();
  const group = prefix === "apis" ? parts.shift() : "";
  const version = parts.shift();
  if ((prefix !== "api" && prefix !== "apis") || group === undefined || !version || parts.length === 0) {
    return undefined;
  }
  const decoded = parts.map(decodePart);
  let namespace: string | undefined;
  // `/namespaces/x/status` is the namespace's own subresource, `/namespaces/x/pods` is inside of it.
  if (
    decoded[0] === "namespaces" &&
    decoded.length > 2 &&
    !["status", "finalize"].includes(decoded[2] ?? "")
  ) {
    namespace = decoded[1];
    decoded.splice(0, 2);
  }
  const [resource = "", name, subresource] = decoded;
  if (resource === "namespaces" && name !== undefined) namespace = name;
  const watch = isTrue(request.query.get("watch"));
  return {
    verb: verbOf(request.method, name, watch),
    group,
    version,
    resource,
    namespace,
    name,
    subresource,
  };
}

function verbOf(method: string, name: string | undefined, watch: boolean): string {
  switch (method) {
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      return watch ? "watch" : name === undefined ? "list" : "get";
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new StatusError(400, "BadRequest", `invalid URL escape in "${part}"`);
  }
}

/** A boolean query parameter as apimachinery converts it: present and neither "false" nor "0". */
export function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== "false" && value !== "0";
}
