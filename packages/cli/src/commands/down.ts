import type { RemoveEvent } from "@slipway/deploy";
import { formatDuration } from "@slipway/kubernetes/objects";
import { ProblemError } from "@slipway/yaml";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import {
  addClusterFlags,
  addInputFlags,
  addOutputFlags,
  type ClusterFlags,
  type InputFlags,
  type OutputFlags,
} from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import { renderProblem } from "../output/render-problem.ts";
import type { Shell } from "../shell.ts";
import { stopOnInterrupt } from "../stop-on-interrupt.ts";

interface DownFlags extends InputFlags, OutputFlags, ClusterFlags {
  readonly confirm?: string;
  readonly withForeignObjects?: boolean;
}

/** `slipway down`: removes what `up` made on a cluster, in reverse, and waits until it is gone. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addClusterFlags(command);
  command.option("--confirm <context>", "the context once more: volumes and secrets go too, with their data");
  command.option(
    "--with-foreign-objects",
    "also delete definitions that others' objects use, and those objects with them",
  );
  addOutputFlags(command, ["text", "json"]);
  command.action((flags: DownFlags) => down(flags, shell));
}

async function down(flags: DownFlags, shell: Shell): Promise<void> {
  const paint = paintFor(shell.stderr, shell, flags.color);
  const platform = await readPlatform(flags, shell);
  const { chooseCluster, openTarget } = await import("../input/open-target.ts");
  const choice = chooseCluster(flags, platform.cluster);
  if (choice.type === "embedded") {
    shell.stderr.write(
      "Nothing to remove: the embedded cluster ended with the command that started it " +
        `${paint.dim("(--context NAME names a real one)")}\n`,
    );
    return;
  }
  shell.stderr.write(`${paint.bold("Cluster:")} context ${choice.context}\n`);
  requireConfirmation(choice.context, flags.confirm);
  const target = await openTarget(choice, flags, shell);
  const { remove } = await import("@slipway/deploy");
  const stop = stopOnInterrupt(shell, { close: () => {} });
  try {
    const summary = await remove({
      client: target.client,
      mapper: target.mapperFor([]),
      clock: target.clock,
      signal: stop.signal,
      ...(flags.withForeignObjects ? { withForeignObjects: true } : {}),
      emit: (event) => {
        if (flags.output === "json") shell.stdout.write(`${JSON.stringify(event)}\n`);
        else shell.stderr.write(renderRemoval(event, flags.verbose === true, paint));
      },
    });
    if (summary.errors.length > 0) shell.exitCode = exitCodes.failed;
    if (stop.signal.aborted) shell.exitCode = exitCodes.interrupted;
    if (flags.output === "json") return;
    for (const problem of summary.errors) shell.stderr.write(renderProblem(problem, paint));
    const kept = summary.kept > 0 ? `, ${summary.kept} kept` : "";
    shell.stderr.write(
      `${summary.deleted} objects removed${kept} in ${formatDuration(summary.durationMs)}\n`,
    );
  } finally {
    stop.release();
    await target.close();
  }
}

/** Data is lost for good, so the cluster is named once more, by a person as by a script. */
function requireConfirmation(context: string, confirmed: string | undefined): void {
  if (confirmed === context) return;
  throw new ProblemError({
    code: "usage/confirm",
    message: `down deletes the platform on ${context} with its volumes and secrets, and all data in them`,
    next: `if that is what you want: slipway down --context ${context} --confirm ${context}`,
  });
}

/** A line for each step, each kept object and each that takes long; deletions only with `-v`. */
function renderRemoval(event: RemoveEvent, verbose: boolean, paint: Paint): string {
  switch (event.type) {
    case "found":
      return `${event.objects} objects belong to the platform\n`;
    case "step":
      return event.objects === 0 ? "" : `removing ${event.objects} ${event.step}\n`;
    case "waiting":
      return `  ${paint.yellow("waiting")} ${event.object}: ${event.message}\n`;
    case "kept":
      return `  ${paint.yellow("kept")} ${event.object}: ${event.reason}\n`;
    default:
      return verbose ? `  ${event.type} ${event.object}\n` : "";
  }
}
