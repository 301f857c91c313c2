import { build } from "@slipway/kustomize";
import { type Command, Option } from "commander";
import { addOutputFlags, type OutputFlags } from "../input/flags.ts";
import { paintFor } from "../output/paint.ts";
import { formatPosition } from "../output/render-problem.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

interface KustomizeFlags extends OutputFlags {
  readonly remotes?: string;
  readonly loadRestrictor?: "rootOnly" | "none";
}

/** `slipway kustomize DIR`: what `kustomize build DIR` prints, made in process. */
export function configure(command: Command, shell: Shell): void {
  command
    .argument("[dir]", "the folder of the kustomization", ".")
    .option("--remotes <dir>", "take remote references from this folder and fetch nothing")
    .addOption(
      new Option("--load-restrictor <what>", "whether files may lie outside the folder").choices([
        "rootOnly",
        "none",
      ]),
    );
  addOutputFlags(command, ["yaml", "json"]);
  command.action((directory: string, flags: KustomizeFlags) => {
    const { remotes, loadRestrictor } = flags;
    const result = build(directory, {
      ...(remotes === undefined ? {} : { remotes }),
      ...(loadRestrictor === undefined ? {} : { loadRestrictor }),
    });
    const warnings = result.warnings.map(({ message, position }) =>
      position ? `${message} (${formatPosition(position)})` : message,
    );
    shell.stderr.write(renderWarnings(warnings, paintFor(shell.stderr, shell, flags.color)));
    if (flags.output !== "json") return shell.stdout.write(result.yaml());
    const items = result.resources.map((resource) => resource.object);
    shell.stdout.write(`${JSON.stringify({ apiVersion: "v1", kind: "List", items })}\n`);
  });
}
