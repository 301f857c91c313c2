import type { LastRun } from "@slipway/deploy";
import { formatDuration } from "@slipway/kubernetes/objects";
import { ProblemError } from "@slipway/yaml";
import type { Command } from "commander";
import { addOutputFlags, type OutputFlags } from "../input/flags.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import { renderProblem } from "../output/render-problem.ts";
import { isObject } from "../progress/run-state.ts";
import type { Shell } from "../shell.ts";

/** `slipway status`: the last run of this folder, as its journal tells it. */
export function configure(command: Command, shell: Shell): void {
  addOutputFlags(command, ["text", "json"]);
  command.action(async (flags: OutputFlags) => {
    const { readLastRun } = await import("@slipway/deploy");
    const run = readLastRun(shell.directory);
    if (!run) {
      throw new ProblemError({
        code: "usage/no-run",
        message: "nothing has been deployed from this folder yet",
        next: "slipway up",
      });
    }
    if (flags.output === "json") {
      shell.stdout.write(
        `${JSON.stringify({ apiVersion: "slipway.dev/v1alpha1", kind: "Run", ...run }, null, 2)}\n`,
      );
      return;
    }
    shell.stdout.write(
      renderRun(run, { verbose: flags.verbose === true }, paintFor(shell.stdout, shell, flags.color)),
    );
  });
}

function renderRun(run: LastRun, options: { readonly verbose: boolean }, paint: Paint): string {
  const color = { ready: paint.green, failed: paint.red, stopped: paint.yellow, interrupted: paint.yellow };
  const lines = [
    `${paint.bold("Run")}      ${run.run}`,
    `${paint.bold("Cluster")}  ${run.cluster}`,
    `${paint.bold("Release")}  ${run.release}, ${run.objects} objects`,
    `${paint.bold("Outcome")}  ${color[run.outcome](run.outcome)} after ${formatDuration(run.lastAt - run.startedAt)}`,
    `${paint.bold("Journal")}  ${run.path}`,
    "",
  ];
  const components = new Map<string, { ready: number; total: number }>();
  for (const node of run.nodes.filter((node) => isObject(node.node))) {
    const name = node.component ?? "platform";
    const row = components.get(name) ?? { ready: 0, total: 0 };
    components.set(name, row);
    row.total += 1;
    if (node.state === "ready") row.ready += 1;
  }
  const width = Math.max(...[...components.keys()].map((name) => name.length), 0);
  for (const [name, { ready, total }] of components) {
    const mark = ready === total ? paint.green("✓") : paint.yellow("○");
    lines.push(`${mark} ${name.padEnd(width)}  ${ready}/${total} ready`);
  }
  const unfinished = run.nodes.filter((node) => node.state !== "ready");
  if (unfinished.length > 0) {
    lines.push("", paint.bold("Not ready:"));
    const shown = options.verbose ? unfinished : unfinished.slice(0, 20);
    for (const { name, state, message } of shown)
      lines.push(`  ${state.padEnd(8)} ${name}${message ? `: ${message}` : ""}`);
    if (shown.length < unfinished.length) {
      lines.push(paint.dim(`  and ${unfinished.length - shown.length} more (-v shows them)`));
    }
  }
  const errors = (run.summary?.errors ?? []).map((problem) => renderProblem(problem, paint)).join("");
  return `${lines.join("\n")}\n${errors ? `\n${errors}` : ""}`;
}
