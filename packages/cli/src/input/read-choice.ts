import type { ReleaseChoice } from "@slipway/platform";
import { type Command, InvalidArgumentError } from "commander";
import type { Shell } from "../shell.ts";

/** Flags of the commands that deal with a release itself. */
export interface ReleaseFlags {
  readonly release?: string;
  readonly file?: string;
  readonly mirror?: Readonly<Record<string, string>>;
}

export function addReleaseFlags(command: Command): void {
  command
    .option("--release <name>", "a version, ADDRESS#REF or a folder, instead of the one in slipway.yaml")
    .option("-f, --file <path>", "slipway.yaml (default: the one in this folder)")
    .option(
      "--mirror <from=to>",
      "fetch what begins with FROM from TO, an address or a folder (repeatable)",
      collectMirror,
    );
}

/** The release that the flags and slipway.yaml name. What is fetched is told on standard error. */
export async function readChoice(
  { release, file, mirror }: ReleaseFlags,
  shell: Shell,
): Promise<ReleaseChoice> {
  const { readReleaseChoice } = await import("@slipway/platform");
  return readReleaseChoice({
    directory: shell.directory,
    report: reportTo(shell),
    ...(release === undefined ? {} : { release }),
    ...(file === undefined ? {} : { file }),
    ...(mirror === undefined ? {} : { mirrors: mirror }),
  });
}

/** Tells on standard error what is fetched. */
export function reportTo(shell: Shell): (line: string) => void {
  return (line) => shell.stderr.write(`${line}\n`);
}

function collectMirror(
  value: string,
  previous: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const equals = value.indexOf("=");
  if (equals < 1) throw new InvalidArgumentError("Write it as FROM=TO.");
  return { ...previous, [value.slice(0, equals)]: value.slice(equals + 1) };
}
