import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BuildResult,
  build,
  diskFileSystem,
  type LoadRestrictor,
  type Reads,
  remotesFolder,
  resourceFiles,
  summarizeDeprecations,
} from "@slipway/kustomize";
import { cacheFolder, lockedReads } from "@slipway/platform";
import { ProblemError } from "@slipway/yaml";
import { type Command, Option } from "commander";
import { keepNurserySmall } from "../build/keep-nursery-small.ts";
import { addPrintingFlags, addStrictFlag, type OutputFlags, type StrictFlag } from "../input/flags.ts";
import { type HelmFlags, helmProgram } from "../input/helm-program.ts";
import { paintFor } from "../output/paint.ts";
import { formatPosition } from "../output/render-problem.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

interface KustomizeFlags extends OutputFlags, StrictFlag, HelmFlags {
  readonly remotes?: string;
  readonly lock?: string;
  readonly loadRestrictor?: string;
  readonly reorder?: "legacy" | "none";
  readonly enableAlphaPlugins?: boolean;
  readonly enableExec?: boolean;
  readonly network?: boolean;
  readonly enableManagedbyLabel?: boolean;
  readonly mount?: readonly string[];
}

/** Our names of the restrictors and kustomize's. */
const restrictors: Readonly<Record<string, LoadRestrictor>> = {
  rootOnly: "rootOnly",
  none: "none",
  LoadRestrictionsRootOnly: "rootOnly",
  LoadRestrictionsNone: "none",
};

/** `slipway kustomize DIR`: what `kustomize build DIR` prints, made in process. */
export function configure(command: Command, shell: Shell): void {
  command
    .argument("[dir]", "the folder of the kustomization", ".")
    .option("--remotes <dir>", "take remote references from this folder and fetch nothing")
    .option(
      "--lock <file>",
      "take remote references as this lock has them (default: slipway.lock in this folder, if there)",
    )
    .addOption(
      new Option("--load-restrictor <what>", "whether files may lie outside the folder").choices(
        Object.keys(restrictors),
      ),
    )
    .addOption(
      new Option("--reorder <how>", "the order where the kustomization names none").choices([
        "legacy",
        "none",
      ]),
    )
    .option("--enable-helm", "inflate helmCharts with the helm program of this machine")
    .option("--helm-command <path>", "the helm program", "helm")
    .option(
      "--helm-api-versions <list>",
      "API versions for charts, separated by commas (repeatable)",
      separated,
    )
    .option("--helm-kube-version <version>", "the version of Kubernetes for charts")
    .option("--helm-debug", "have helm say more when it fails")
    .option(
      "--enable-managedby-label",
      "label every object as managed by kustomize; buildMetadata can say it too",
    )
    .option("-e, --env <variable>", "taken as kustomize takes it; only containers would see it", repeated)
    .option("--as-current-user", "taken as kustomize takes it; only containers would see it")
    .option("--enable-alpha-plugins", "refused: a build runs no plugins and no containers")
    .option("--enable-exec", "refused: a build runs no plugins and no containers")
    .option("--network", "refused: a build runs no plugins and no containers")
    .option("--network-name <name>", "taken as kustomize takes it; only containers would use it")
    .option("--mount <what>", "refused: a build runs no plugins and no containers", repeated)
    .option("-o, --output <what>", "yaml, json, a file to write, or a folder for a file per object", "yaml");
  addStrictFlag(command);
  addPrintingFlags(command);
  command.action(async (directory: string, flags: KustomizeFlags) => {
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
  });
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

function separated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(",")];
}

function repeated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
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
