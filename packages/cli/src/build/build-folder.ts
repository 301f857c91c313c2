import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BuildResult,
  build,
  diskFileSystem,
  type Reads,
  remotesFolder,
  resourceFiles,
  summarizeDeprecations,
} from "@slipway/kustomize";
import { cacheFolder, lockedReads } from "@slipway/platform";
import { ProblemError } from "@slipway/yaml";
import { type KustomizeFlags, restrictors } from "../commands/kustomize.ts";
import { helmProgram } from "../input/helm-program.ts";
import { paintFor } from "../output/paint.ts";
import { formatPosition } from "../output/render-problem.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";
import { keepNurserySmall } from "./keep-nursery-small.ts";

/** Builds a folder with a kustomization and prints or writes what `kustomize build` would. */
export async function buildFolder(directory: string, flags: KustomizeFlags, shell: Shell): Promise<void> {
  refusePrograms(flags);
  keepNurserySmall();
  const { loadRestrictor, reorder } = flags;
  const restrictor = restrictors[loadRestrictor ?? ""];
  const { fileSystem, remotes } = await readsOf(flags, shell);
  const result = build(directory, {
    fileSystem,
    ...(remotes === undefined ? {} : { remotes }),
    ...(restrictor === undefined ? {} : { loadRestrictor: restrictor }),
    ...(reorder === undefined ? {} : { reorder }),
    managedByLabel: flags.enableManagedbyLabel === true,
    ...(flags.enableHelm ? { helm: helmProgram(flags, shell.directory, shell.environment) } : {}),
    strict: flags.strict === true,
  });
  const warnings = [
    ...result.warnings
      .filter(({ code }) => code !== "kustomize/deprecated")
      .map(({ message, position }) => (position ? `${message} (${formatPosition(position)})` : message)),
    ...summarizeDeprecations(result.warnings, (file) => file),
  ];
  shell.stderr.write(renderWarnings(warnings, paintFor(shell.stderr, shell, flags.color)));
  writeResult(result, flags.output ?? "yaml", shell);
}

function readsOf(
  { remotes, lock }: KustomizeFlags,
  { directory, environment }: Shell,
): Promise<Reads> | Reads {
  if (remotes !== undefined) return { fileSystem: diskFileSystem, remotes: remotesFolder(remotes) };
  return lockedReads({ directory, lock, cache: cacheFolder(environment as NodeJS.ProcessEnv) });
}

function writeResult(result: BuildResult, output: string, shell: Shell): void {
  if (output === "yaml") shell.stdout.write(result.bytes());
  else if (output === "json") {
    const items = result.resources.map((resource) => resource.object);
    shell.stdout.write(`${JSON.stringify({ apiVersion: "v1", kind: "List", items })}\n`);
  } else writeFiles(result, resolve(shell.directory, output));
}

/** A folder that is there gets a file for each object, anything else becomes one file. */
function writeFiles(result: BuildResult, path: string): void {
  try {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    const files = isFolder ? resourceFiles(result.resources) : [["", result.bytes()] as const];
    for (const [name, content] of files) writeFileSync(join(path, name), content);
  } catch (error) {
    throw new ProblemError(
      { code: "system/output", message: `${path} can't be written: ${(error as Error).message}` },
      { cause: error },
    );
  }
}

/** Flags of kustomize's that let a build run plugins and containers. */
function refusePrograms(flags: KustomizeFlags): void {
  const refused = [
    [flags.enableAlphaPlugins, "--enable-alpha-plugins"],
    [flags.enableExec, "--enable-exec"],
    [flags.network, "--network"],
    [flags.mount, "--mount"],
  ] as const;
  for (const [given, flag] of refused) {
    if (!given) continue;
    throw new ProblemError({
      code: "usage/refused-flag",
      message: `${flag} is refused: a build runs no plugins and no containers, so that the same input gives the same bytes everywhere`,
      next: "make the objects beforehand and list them under resources",
    });
  }
}
