import type { Platform } from "@slipway/platform";
import type { Shell } from "../shell.ts";
import type { InputFlags } from "./flags.ts";
import { reportTo } from "./read-choice.ts";

/** Finds the platform that the flags name. Builds nothing yet. */
export async function readPlatform(flags: InputFlags, shell: Shell): Promise<Platform> {
  const { release, remotes, file, starter, add, drop } = flags;
  const { loadPlatform } = await import("@slipway/platform");
  return loadPlatform({
    directory: shell.directory,
    report: reportTo(shell),
    ...(release === undefined ? {} : { release }),
    ...(remotes === undefined ? {} : { remotes }),
    ...(file === undefined ? {} : { file }),
    ...(starter === undefined ? {} : { starter }),
    ...(add === undefined ? {} : { add }),
    ...(drop === undefined ? {} : { drop }),
  });
}
