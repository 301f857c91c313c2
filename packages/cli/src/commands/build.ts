import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { keepNurserySmall } from "../build/keep-nursery-small.ts";
import { printBuild } from "../build/printed-build.ts";
import {
  addInputFlags,
  addPrintingFlags,
  addStrictFlag,
  type InputFlags,
  type OutputFlags,
  type StrictFlag,
} from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

interface BuildFlags extends InputFlags, StrictFlag, OutputFlags {
  readonly cache: boolean;
  readonly watch?: boolean;
}

/** `slipway build`: the platform's objects, as YAML (what kustomize prints) or as one JSON List. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addStrictFlag(command);
  command
    .option("-o, --output <what>", "yaml, json, or a file to write the YAML to", "yaml")
    .option("--watch", "build again whenever something changes, and print what is different, until Ctrl-C")
    .option("--no-cache", "neither use nor keep finished builds in the user's cache folder");
  addPrintingFlags(command);
  command.action(async (flags: BuildFlags) => {
    const { output = "yaml" } = flags;
    const isFormat = output === "yaml" || output === "json";
    const format = output === "json" ? "json" : "yaml";
    const file = isFormat ? undefined : resolve(shell.directory, output);
    const strict = flags.strict === true;
    const openPlatform = () => readPlatform(flags, shell);
    const paint = paintFor(shell.stderr, shell, flags.color);
    if (flags.watch) {
      const { watchBuild } = await import("../build/watch-build.ts");
      await watchBuild(
        { openPlatform, strict, format, paint, ...(file === undefined ? {} : { file }) },
        shell,
      );
      return;
    }
    const platform = await openPlatform();
    keepNurserySmall();
    const { buildBundle } = await import("@slipway/platform");
    const { cachedBuild, userBuildCache } = await import("../build/cached-build.ts");
    const { bytes, warnings } = flags.cache
      ? cachedBuild(platform, { format, strict }, shell, userBuildCache(shell))
      : printBuild(buildBundle(platform, { strict }), format);
    shell.stderr.write(renderWarnings(warnings, paint));
    if (file === undefined) shell.stdout.write(bytes);
    else writeFileSync(file, bytes);
  });
}
