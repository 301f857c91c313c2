import { join } from "node:path";
import { openRelease } from "./open-release.ts";
import type { Release } from "./release.ts";

/** The platform that comes with Slipway: for learning and rehearsal, it runs nowhere. */
export function openStarter(): Release {
  return openRelease(join(import.meta.dirname, "../../starter"), { name: "starter" });
}
