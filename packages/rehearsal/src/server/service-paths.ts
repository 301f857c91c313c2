// Health and version: what is asked of a server besides its resources.
import { answerJson, answerText } from "./answers.ts";
import type { ServerContext } from "./context.ts";
import type { ApiAnswer, ApiRequest } from "./request.ts";

/** What the embedded server says it is: the release whose behaviour it follows. */
export const serverVersion = {
  major: "1",
  minor: "36",
  emulationMajor: "1",
  emulationMinor: "36",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "35",
  gitVersion: "v1.36.2+slipway",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "",
  compiler: "node",
  platform: "linux/amd64",
} as const;

/** Answers `/version` and the health checks; undefined for any other path. */
export function answerService(_server: ServerContext, { path, query }: ApiRequest): ApiAnswer | undefined {
  if (path === "/version" || path === "/version/") return answerJson(200, serverVersion);
  const [, check] = /^\/(healthz|readyz|livez)(?:\/.*)?$/.exec(path) ?? [];
  if (!check) return undefined;
  return answerText(200, query.has("verbose") ? `[+]ping ok\n${check} check passed\n` : "ok");
}
