import type { Environment } from "@marcbachmann/cel-js";

/** A URL of the Kubernetes CEL library: absolute, or a path. */
export class CelUrl {
  readonly #url: URL;
  readonly #absolute: boolean;

  constructor(text: string) {
    this.#absolute = !text.startsWith("/");
    if (this.#absolute && !/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text))
      throw new Error(
        `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
      );
    this.#url = new URL(text, this.#absolute ? undefined : "http://none");
  }

  get scheme(): string {
    return this.#absolute ? this.#url.protocol.slice(0, -1) : "";
  }

  get host(): string {
    return this.#absolute ? this.#url.host : "";
  }

  get hostname(): string {
    return this.#absolute ? this.#url.hostname.replace(/^\[|\]$/g, "") : "";
  }

  get port(): string {
    return this.#absolute ? this.#url.port : "";
  }

  get escapedPath(): string {
    return this.#url.pathname;
  }

  get query(): Record<string, string[]> {
    const result: Record<string, string[]> = {};
    for (const [key, value] of this.#url.searchParams) result[key] = [...(result[key] ?? []), value];
    return result;
  }
}

/** `url`, `isURL` and the parts of a URL (apiserver cel/library/urls.go). */
export function registerUrls(env: Environment): void {
  env.registerType("kubernetes.URL", CelUrl);
  env.registerFunction("url(string): kubernetes.URL", (text: string) => new CelUrl(text));
  env.registerFunction("isURL(string): bool", (text: string) => {
    try {
      return Boolean(new CelUrl(text));
    } catch {
      return false;
    }
  });
  env.registerFunction("kubernetes.URL.getScheme(): string", (url: CelUrl) => url.scheme);
  env.registerFunction("kubernetes.URL.getHost(): string", (url: CelUrl) => url.host);
  env.registerFunction("kubernetes.URL.getHostname(): string", (url: CelUrl) => url.hostname);
  env.registerFunction("kubernetes.URL.getPort(): string", (url: CelUrl) => url.port);
  env.registerFunction("kubernetes.URL.getEscapedPath(): string", (url: CelUrl) => url.escapedPath);
  env.registerFunction("kubernetes.URL.getQuery(): map<string, list<string>>", (url: CelUrl) => url.query);
}
