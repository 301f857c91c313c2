import type { Bundle } from "@slipway/platform";
import type { TimeModel } from "@slipway/rehearsal";
import type { Problem } from "@slipway/yaml";
import type { Command } from "commander";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-codes.ts";
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
import type { ClusterChoice } from "../input/open-target.ts";
import { readPlatform } from "../input/read-platform.ts";
import { type Paint, paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import { renderSummary } from "../progress/summary.ts";
import type { DeploymentFlags, DeploymentResult, Outcome } from "../run-deployment.ts";
import type { Shell } from "../shell.ts";

type UpFlags = InputFlags & OutputFlags & ClusterFlags & DeploymentFlags;

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
  const { chooseCluster, openTarget } = await import("../input/open-target.ts");
  const choice = chooseCluster(flags, platform.cluster);
  shell.stderr.write(announce(choice, flags, paint));
  const target = await openTarget(choice, flags, shell, platform.timeModel);
  if (target.timeModel) shell.stderr.write(await describeTimes(target.timeModel, paint));
  const realStart = shell.now();
  let result: DeploymentResult;
  try {
    const { orderPlatform, warningsOf } = await import("../input/order-platform.ts");
    const ordered = orderPlatform(platform, {
      known: target.serves,
      namespaceLabels: target.namespaceLabels,
    });
    shell.stderr.write(describe(ordered.bundle, paint));
    shell.stderr.write(
      renderWarnings([...warningsOf(ordered), ...(ordered.bundle.deprecations ?? [])], paint),
    );
    const { runDeployment } = await import("../run-deployment.ts");
    result = await runDeployment({ ordered, platform, target, flags, shell });
  } finally {
    await target.close();
  }
  const { outcome, summary, nameOf } = result;
  shell.exitCode = exitCodeFor(outcome, summary.errors);
  if (flags.output === "json") return;
  const text = renderSummary(
    summary,
    {
      outcome,
      objects: result.objects,
      nameOf,
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

async function describeTimes(timeModel: TimeModel, { bold }: Paint): Promise<string> {
  const { describeTimeModel } = await import("@slipway/rehearsal");
  return `${bold("Times:")} ${describeTimeModel(timeModel)}\n`;
}

function describe({ release, resources }: Bundle, { bold }: Paint): string {
  const components = new Set(resources.map((resource) => resource.component));
  const namespaces = new Set(resources.flatMap(({ object }) => object.metadata.namespace ?? []));
  return `${bold("Release:")} ${release}, ${resources.length} objects of ${components.size} components in ${namespaces.size} namespaces\n`;
}

/** Running out of time and being refused have codes of their own, when nothing else went wrong. */
function exitCodeFor(outcome: Outcome, errors: readonly Problem[]): ExitCode {
  if (outcome === "ready") return exitCodes.ok;
  if (outcome === "stopped") return exitCodes.interrupted;
  const codes = new Set(errors.map(exitCodeOf));
  const [only] = codes;
  if (codes.size === 1 && (only === exitCodes.timedOut || only === exitCodes.refused)) return only;
  return exitCodes.failed;
}

function nextCommands(outcome: Outcome, choice: ClusterChoice): readonly string[] {
  if (outcome !== "ready") {
    return choice.type === "embedded"
      ? ["correct it and run slipway up again; slipway status shows this run"]
      : ["slipway up again goes on where this run ended; slipway status shows it"];
  }
  if (choice.type === "embedded") {
    return [
      "slipway graph shows the order; slipway up --context NAME deploys to a cluster of your kubeconfig",
    ];
  }
  return [
    `slipway status shows this run; slipway down --context ${choice.context} --confirm ${choice.context} removes it again`,
  ];
}
