import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type BuildResult,
  build,
  type LoadRestrictor,
  resourceFiles,
  summarizeDeprecations,
} from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { type Command, Option } from "commander";
import { addPrintingFlags, addStrictFlag, type OutputFlags, type StrictFlag } from "../input/flags.ts";
import { paintFor } from "../output/paint.ts";
import { formatPosition } from "../output/render-problem.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

interface KustomizeFlags extends OutputFlags, StrictFlag {
  readonly remotes?: string;
  readonly loadRestrictor?: string;
  readonly reorder?: "legacy" | "none";
  readonly enableAlphaPlugins?: boolean;
  readonly enableHelm?: boolean;
  readonly enableExec?: boolean;
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
    .option("--enable-alpha-plugins", "refused: a build runs no programs")
    .option("--enable-exec", "refused: a build runs no programs")
    .option("--enable-helm", "refused: a build runs no programs")
    .option("-o, --output <what>", "yaml, json, a file to write, or a folder for a file per object", "yaml");
  addStrictFlag(command);
  addPrintingFlags(command);
  command.action((directory: string, flags: KustomizeFlags) => {
    refusePrograms(flags);
    const { remotes, loadRestrictor, reorder } = flags;
    const restrictor = restrictors[loadRestrictor ?? ""];
    const result = build(directory, {
      ...(remotes === undefined ? {} : { remotes }),
      ...(restrictor === undefined ? {} : { loadRestrictor: restrictor }),
      ...(reorder === undefined ? {} : { reorder }),
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

function writeResult(result: BuildResult, output: string, shell: Shell): void {
  if (output === "yaml") shell.stdout.write(result.yaml());
  else if (output === "json") {
    const items = result.resources.map((resource) => resource.object);
    shell.stdout.write(`${JSON.stringify({ apiVersion: "v1", kind: "List", items })}\n`);
  } else writeFiles(result, resolve(shell.directory, output));
}

/** A folder that is there gets a file for each object, anything else becomes one file. */
function writeFiles(result: BuildResult, path: string): void {
  try {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    const files = isFolder ? resourceFiles(result.resources) : [["", result.yaml()] as const];
    for (const [name, text] of files) writeFileSync(join(path, name), text);
  } catch (error) {
    throw new ProblemError(
      { code: "system/output", message: `${path} can't be written: ${(error as Error).message}` },
      { cause: error },
    );
  }
}

/** Flags of kustomize's that let a build run programs. */
function refusePrograms(flags: KustomizeFlags): void {
  const refused = [
    [
      flags.enableAlphaPlugins,
      "--enable-alpha-plugins",
      "make the objects beforehand and list them under resources",
    ],
    [flags.enableExec, "--enable-exec", "make the objects beforehand and list them under resources"],
    [flags.enableHelm, "--enable-helm", "run helm template and list its output under resources"],
  ] as const;
  for (const [given, flag, next] of refused) {
    if (!given) continue;
    throw new ProblemError({
      code: "usage/refused-flag",
      message: `${flag} is refused: a build runs no programs, so that the same input gives the same bytes everywhere`,
      next,
    });
  }
}
