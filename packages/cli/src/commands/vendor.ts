import { relative, resolve } from "node:path";
import type { VendorOutcome } from "@slipway/platform";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { addOutputFlags, type OutputFlags } from "../input/flags.ts";
import { addReleaseFlags, type ReleaseFlags, readChoice } from "../input/read-choice.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import type { Shell } from "../shell.ts";
import { printDocument } from "./release.ts";

interface VendorFlags extends ReleaseFlags, OutputFlags {
  readonly directory?: string;
  readonly all?: boolean;
  readonly ifNewer?: boolean;
}

type VendoredOutcome = Extract<VendorOutcome, { type: "vendored" }>;

/** `slipway vendor`: brings a locked release and all that it refers to into the user's own repository. */
export function configure(command: Command, shell: Shell): void {
  addReleaseFlags(command);
  command
    .option("--directory <dir>", "the folder that gets a folder for the release (default: vendor/kubeflow)")
    .option("--all", "every file of the release, also those that no build reads")
    .option(
      "--if-newer",
      `the newest stable release, when it is newer than the vendored one; else do nothing and end with ${exitCodes.upToDate}`,
    );
  addOutputFlags(command, ["text", "json", "yaml"]);
  command.action(async (flags: VendorFlags) => {
    const { directory, all, ifNewer } = flags;
    const { vendorRelease } = await import("@slipway/platform");
    const outcome = await vendorRelease(await readChoice(flags, shell), {
      ...(directory === undefined ? {} : { parent: resolve(shell.directory, directory) }),
      all: all === true,
      ifNewer: ifNewer === true,
    });
    if (outcome.type === "up-to-date") shell.exitCode = exitCodes.upToDate;
    const { type, ...rest } = outcome;
    const document = { apiVersion: "slipway.dev/v1alpha1", kind: "VendorResult", outcome: type, ...rest };
    const text = printDocument(document, flags.output);
    if (text !== undefined) return shell.stdout.write(text);
    shell.stdout.write(
      outcome.type === "up-to-date"
        ? `Nothing newer: ${outcome.newest ?? "no release"} is the newest, ${outcome.vendored ?? "none"} is vendored\n`
        : await renderVendored(outcome, flags, shell),
    );
  });
}

async function renderVendored(outcome: VendoredOutcome, flags: VendorFlags, shell: Shell): Promise<string> {
  const paint = paintFor(shell.stdout, shell, flags.color);
  const { entry, folder, files, written, since, edited } = outcome;
  const near = (path: string) => relative(shell.directory, path) || ".";
  const what = `release ${entry.ref} with ${entry.remotes.length} remote references, ${files} files`;
  const lines = [`${paint.bold(near(folder))}: ${what}${written ? "" : ", which were there already"}`];
  if (edited) lines.push(`${near(edited.file)}: spec.release.${edited.key} is ${edited.value} now`);
  if (since && written) lines.push("", ...(await renderSince(since, flags.verbose === true, paint)));
  if (since && since.folder !== folder) {
    lines.push("", `next: slipway diff --build ${near(since.folder)} ${near(folder)} compares the objects;`);
    lines.push(`      git rm -r ${near(since.folder)} once nothing needs it`);
  }
  return `${lines.join("\n")}\n`;
}

/** What is different, by component; file by file when asked. */
async function renderSince(
  { ref, changes }: NonNullable<VendoredOutcome["since"]>,
  verbose: boolean,
  { green, red, yellow, dim }: Paint,
): Promise<string[]> {
  const { componentOfFile } = await import("@slipway/platform");
  const { added, removed, changed } = changes;
  const total = added.length + removed.length + changed.length;
  if (total === 0) return [`No file is different from ${ref}.`];
  const marked = [
    ...added.map((path) => ({ path, sign: green("+") })),
    ...removed.map((path) => ({ path, sign: red("-") })),
    ...changed.map((path) => ({ path, sign: yellow("~") })),
  ];
  const groups = new Map<string, { readonly path: string; readonly sign: string }[]>();
  for (const one of marked) {
    const name = componentOfFile(one.path.replace(/^remotes\//, "")) ?? "(no component)";
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const head = `Since ${ref}: ${added.length} files added, ${removed.length} removed, ${changed.length} changed`;
  return [
    head,
    ...[...groups]
      .sort()
      .flatMap(([name, files]) => [
        `  ${name} ${dim(`${files.length} files`)}`,
        ...(verbose ? files.map(({ path, sign }) => `    ${sign} ${path}`) : []),
      ]),
  ];
}
