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
export function answerService(_server: ServerContext, { path }: ApiRequest): ApiAnswer | undefined {
  if (path === "/version" || path === "/version/") return answerJson(200, serverVersion);
  return /^\/(healthz|readyz|livez)(\/.*)?$/.test(path) ? answerText(200, "ok") : undefined;
}
