import type { LockChange, ReleaseList } from "@slipway/platform";
import { type Json, jsonToNode, printInOrder } from "@slipway/yaml";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { addOutputFlags, type OutputFlags } from "../input/flags.ts";
import { addReleaseFlags, type ReleaseFlags, readChoice } from "../input/read-choice.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import type { Shell } from "../shell.ts";

interface ListFlags extends ReleaseFlags, OutputFlags {
  readonly candidates?: boolean;
}

interface LockFlags extends ReleaseFlags, OutputFlags {
  readonly update?: boolean;
  readonly check?: boolean;
  readonly prune?: boolean;
}

/** `slipway release`: which releases there are, and what one is to the byte. */
export function configure(command: Command, shell: Shell): void {
  configureList(command, shell);
  configureLock(command, shell);
}

function configureList(command: Command, shell: Shell): void {
  const list = command.command("list").description("list the releases of a repository, newest first");
  addReleaseFlags(list);
  list.option("--candidates", "release candidates too");
  addOutputFlags(list, ["text", "json", "yaml"]);
  list.addHelpText("after", "\nThe repository is that of slipway.yaml or --release, else Kubeflow's own.");
  list.action(async (flags: ListFlags) => {
    const { listReleases } = await import("@slipway/platform");
    const found = await listReleases(await readChoice(flags, shell), {
      candidates: flags.candidates === true,
    });
    const document = { apiVersion: "slipway.dev/v1alpha1", kind: "ReleaseList", ...found };
    const paint = paintFor(shell.stdout, shell, flags.color);
    shell.stdout.write(printDocument(document, flags.output) ?? renderList(found, paint));
  });
}

function configureLock(command: Command, shell: Shell): void {
  const lock = command
    .command("lock")
    .description("write into slipway.lock what a release and all that it refers to are to the byte");
  addReleaseFlags(lock);
  lock
    .option("--update", "accept what has moved or changed since it was locked")
    .option("--check", `write nothing; end with ${exitCodes.findings} when the lock lacks something`)
    .option("--prune", "take the entries of other releases out");
  addOutputFlags(lock, ["text", "json", "yaml"]);
  lock.action(async (flags: LockFlags) => {
    const { update, check, prune } = flags;
    const { lockRelease } = await import("@slipway/platform");
    const { file, entry, changes } = await lockRelease(await readChoice(flags, shell), {
      update: update === true,
      check: check === true,
      prune: prune === true,
    });
    if (check && changes.length > 0) shell.exitCode = exitCodes.findings;
    const document = { apiVersion: "slipway.dev/v1alpha1", kind: "LockResult", file, entry, changes };
    const text = printDocument(document, flags.output);
    if (text !== undefined) return shell.stdout.write(text);
    const paint = paintFor(shell.stdout, shell, flags.color);
    const written = check ? "nothing was written" : file;
    const closing =
      changes.length === 0 ? `Nothing has changed: ${file}\n` : `\n${changes.length} changes: ${written}\n`;
    shell.stdout.write(changes.map((change) => renderLockChange(change, paint)).join("") + closing);
  });
}

/** A document in the format that was asked for; undefined for text. */
export function printDocument(document: object, format: string | undefined): string | undefined {
  if (format === "json") return `${JSON.stringify(document, null, 2)}\n`;
  if (format !== "yaml") return undefined;
  return printInOrder(jsonToNode(JSON.parse(JSON.stringify(document)) as Json));
}

function renderList({ git, releases }: ReleaseList, { dim, green }: Paint): string {
  if (releases.length === 0) return `${git} has no release\n`;
  const width = Math.max(...releases.map(({ version }) => version.length));
  const lines = releases.map(({ version, commit, stable, locked, vendored }) => {
    const notes = [
      ...(stable ? [] : ["candidate"]),
      ...(locked ? ["locked"] : []),
      ...(vendored === undefined ? [] : [`vendored in ${vendored}`]),
    ];
    return `${version.padEnd(width)}  ${dim(commit.slice(0, 12))}  ${green(notes.join(", "))}`.trimEnd();
  });
  return `${lines.join("\n")}\n`;
}

/** One line for a change of a lock: `~ WHAT  OLD -> NEW`. */
function renderLockChange(
  { change, what, before, after }: LockChange,
  { green, red, yellow, dim }: Paint,
): string {
  const sign = { added: green("+"), removed: red("-"), changed: yellow("~") }[change];
  const digests = [before, after].filter((digest) => digest !== undefined && digest !== "").join(" -> ");
  return `${sign} ${what}${digests ? `  ${dim(digests)}` : ""}\n`;
}
