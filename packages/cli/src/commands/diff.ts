import { ProblemError } from "@slipway/yaml";
import type { Command } from "commander";
import type { ObjectChange } from "../diff/compare-builds.ts";
import { exitCodes } from "../exit-codes.ts";
import { addOutputFlags, type OutputFlags } from "../input/flags.ts";
import { paintFor } from "../output/paint.ts";
import type { Shell } from "../shell.ts";

interface DiffFlags extends OutputFlags {
  readonly build?: boolean;
  readonly remotes?: string;
  readonly exitCode?: boolean;
}

/** `slipway diff --build A B`: two builds by object and field, each change with where it comes from in both. */
export function configure(command: Command, shell: Shell): void {
  command
    .argument(
      "<a>",
      "a release (folder, version, ADDRESS#REF), a folder with a kustomization, a slipway.yaml, or starter",
    )
    .argument("<b>", "what to compare it with")
    .option("--build", "compare what two inputs build, without any cluster")
    .option("--remotes <dir>", "take remote references from this folder and fetch nothing")
    .option("--exit-code", `end with ${exitCodes.findings} when there are differences`);
  addOutputFlags(command, ["text", "json"]);
  command.action(async (a: string, b: string, flags: DiffFlags) => {
    if (!flags.build) throw needsBuild(a, b);
    const { compareBuilds } = await import("../diff/compare-builds.ts");
    const { openBuild } = await import("../diff/open-build.ts");
    const changes = compareBuilds(
      await openBuild(a, flags.remotes, shell),
      await openBuild(b, flags.remotes, shell),
    );
    if (flags.exitCode && changes.length > 0) shell.exitCode = exitCodes.findings;
    if (flags.output === "json") {
      const document = { apiVersion: "slipway.dev/v1alpha1", kind: "BuildDiff", a, b, changes };
      return shell.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    }
    const { renderChange } = await import("../diff/render-change.ts");
    const paint = paintFor(shell.stdout, shell, flags.color);
    const text = changes.map((change) => renderChange(change, paint)).join("");
    shell.stdout.write(summarize(changes, { a, b }) + text);
  });
}

function needsBuild(a: string, b: string): ProblemError {
  return new ProblemError({
    code: "usage/arguments",
    message: "diff compares builds, and only when that is asked for",
    next: `slipway diff --build ${a} ${b}`,
  });
}

function summarize(
  changes: readonly ObjectChange[],
  { a, b }: { readonly a: string; readonly b: string },
): string {
  if (changes.length === 0) return "The two builds are the same.\n";
  const count = (wanted: ObjectChange["change"]) => changes.filter(({ change }) => change === wanted).length;
  return `${count("changed")} objects changed, ${count("added")} added, ${count("removed")} removed from ${a} to ${b}.\n\n`;
}
