import { createJournal, deploy, type RunSummary } from "@slipway/deploy";
import type { Problem } from "@slipway/yaml";
import type { Command } from "commander";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { expectedTimes } from "../input/expected-time.ts";
import {
  addClusterFlags,
  addEmbeddedFlags,
  addInputFlags,
  addOutputFlags,
  type ClusterFlags,
  type InputFlags,
  type OutputFlags,
  wholeNumber,
} from "../input/flags.ts";
import { type ClusterChoice, chooseCluster, openTarget } from "../input/open-target.ts";
import { orderPlatform, readPlatform, warningsOf } from "../input/read-platform.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import { createView } from "../progress/create-view.ts";
import { renderSummary } from "../progress/summary.ts";
import type { Shell } from "../shell.ts";
import { stopOnInterrupt } from "../stop-on-interrupt.ts";

interface UpFlags extends InputFlags, OutputFlags, ClusterFlags {
  readonly concurrency?: number;
  readonly force?: boolean;
}

/** `slipway up`: builds, orders, deploys and waits. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addClusterFlags(command);
  addEmbeddedFlags(command);
  command
    .option("--concurrency <number>", "writes at a time, at most", wholeNumber)
    .option("--force", "take over fields that other tools own");
  addOutputFlags(command, ["text", "json"]);
  command.action((flags: UpFlags) => up(flags, shell));
}

async function up(flags: UpFlags, shell: Shell): Promise<void> {
  const paint = paintFor(shell.stderr, shell, flags.color);
  const platform = await readPlatform(flags, shell);
  const choice = chooseCluster(flags, platform.cluster);
  shell.stderr.write(announce(choice, flags, paint));
  const ordered = orderPlatform(platform);
  const { bundle, graph } = ordered;
  shell.stderr.write(renderWarnings(warningsOf(ordered), paint));

  const realStart = shell.now();
  const target = await openTarget(choice, flags, shell);
  const run = new Date(shell.now()).toISOString().replaceAll(":", "-");
  const journal = createJournal({ directory: shell.directory, run });
  const view = createView(flags, shell, { realTime: !target.simulated });
  const stop = stopOnInterrupt(shell, view);
  const names = new Map<string, string>();
  let outcome: "ready" | "failed" | "stopped" = "failed";
  let summary: RunSummary;
  try {
    summary = await deploy({
      graph,
      client: target.client,
      mapper: await target.mapperFor(bundle.resources.map((resource) => resource.object)),
      clock: target.clock,
      random: target.random,
      release: bundle.release,
      cluster: target.name,
      run,
      signal: stop.signal,
      timeouts: timeoutsOf(platform.timeouts),
      expectedMs: expectedTimes(graph),
      ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
      ...(flags.force ? { conflicts: "force" } : {}),
      emit(event) {
        if (event.type === "started") for (const { node, name } of event.nodes) names.set(node, name);
        if (event.type === "finished") outcome = event.outcome;
        journal.record(event);
        view.show(event);
      },
    });
  } finally {
    view.close();
    stop.release();
    journal.close();
    await target.close();
  }
  shell.exitCode = exitCodeFor(outcome, summary.errors);
  if (flags.output === "json") return;
  const text = renderSummary(
    summary,
    {
      outcome,
      objects: bundle.resources.length,
      nameOf: (node) => names.get(node) ?? node,
      ...(target.simulated ? { realMs: shell.now() - realStart } : {}),
      next: nextCommands(outcome, choice),
      verbose: flags.verbose === true,
    },
    paint,
  );
  shell.stderr.write(`\n${text}`);
}

function announce(choice: ClusterChoice, flags: UpFlags, { bold, dim }: Paint): string {
  if (choice.type === "context") return `${bold("Cluster:")} context ${choice.context}\n`;
  const time = flags.realTime ? "real time" : "simulated time";
  return `${bold("Cluster:")} the embedded one, ${time}; it ends with this command ${dim("(--context NAME deploys to a real one)")}\n`;
}

function timeoutsOf(timeouts: {
  readonly components: Readonly<Record<string, number>>;
  readonly default?: number;
}) {
  return {
    components: timeouts.components,
    ...(timeouts.default === undefined ? {} : { otherwise: timeouts.default }),
  };
}

/** Running out of time and being refused have codes of their own, when nothing else went wrong. */
function exitCodeFor(outcome: "ready" | "failed" | "stopped", errors: readonly Problem[]): ExitCode {
  if (outcome === "ready") return exitCodes.ok;
  if (outcome === "stopped") return exitCodes.interrupted;
  const codes = new Set(errors.map(exitCodeOf));
  const [only] = codes;
  if (codes.size === 1 && (only === exitCodes.timedOut || only === exitCodes.refused)) return only;
  return exitCodes.failed;
}

function nextCommands(outcome: "ready" | "failed" | "stopped", choice: ClusterChoice): readonly string[] {
  if (outcome !== "ready") return ["slipway up again goes on where this run ended; slipway status shows it"];
  if (choice.type === "embedded") {
    return [
      "slipway graph shows the order; slipway up --context NAME deploys to a cluster of your kubeconfig",
    ];
  }
  return [`slipway status shows this run; slipway down --context ${choice.context} removes it again`];
}
