import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where fetched content is kept: `SLIPWAY_CACHE`, else `slipway` in the user's cache folder. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SLIPWAY_CACHE) return environment.SLIPWAY_CACHE;
  const base = environment.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "slipway");
}
