/** One HTTP request to an API server; `path` starts with "/" and holds the query. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** Its answer. The body is read once: whole, or line by line (a watch). Header names are lower case. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  text(): Promise<string>;
  lines(): AsyncIterable<string>;
}

/**
 * How requests reach an API server: over a socket (`connect`, from a kubeconfig) or straight into an embedded
 * one. Rejects only when no answer came at all; every HTTP status is an answer.
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;
