import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Cluster } from "@slipway/rehearsal";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import {
  addEmbeddedFlags,
  addInputFlags,
  addOutputFlags,
  type ClusterFlags,
  type InputFlags,
  type OutputFlags,
  wholeNumber,
} from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { readTimeModel } from "../input/read-time-model.ts";
import { paintFor } from "../output/paint.ts";
import { renderSummary } from "../progress/summary.ts";
import type { Shell } from "../shell.ts";
import { untilInterrupted } from "../stop-on-interrupt.ts";
import { configureAnimate } from "./cluster-animate.ts";
import { configureCalibrate } from "./cluster-calibrate.ts";

interface StartFlags extends InputFlags, OutputFlags, Pick<ClusterFlags, "realTime" | "seed" | "timeModel"> {
  readonly port: number;
  readonly writeKubeconfig: string;
}

/** `slipway cluster`: the embedded cluster by itself, or what is simulated in it for another control plane. */
export function configure(command: Command, shell: Shell): void {
  configureAnimate(command, shell);
  configureCalibrate(command, shell);
  configureStart(command, shell);
}

/** `slipway cluster start`: the embedded API server with its controllers, for kubectl and anything else. */
function configureStart(command: Command, shell: Shell): void {
  const start = command.command("start").description("start it and serve it until Ctrl-C");
  start
    .option("--port <number>", "the port on 127.0.0.1; 0 takes a free one", wholeNumber, 0)
    .option("--write-kubeconfig <path>", "where to write its kubeconfig", ".slipway/kubeconfig");
  addInputFlags(start);
  addEmbeddedFlags(start);
  addOutputFlags(start, ["text", "json"]);
  start.addHelpText("after", "\nWithout --release, --file or --starter it starts empty.");
  start.action((flags: StartFlags) => startAndServe(flags, shell));
}

async function startAndServe(flags: StartFlags, shell: Shell): Promise<void> {
  const { seed = 1, realTime = false } = flags;
  const isFilled = flags.release !== undefined || flags.file !== undefined || flags.starter === true;
  const platform = isFilled ? await readPlatform(flags, shell) : undefined;
  const { orderPlatform } = await import("../input/order-platform.ts");
  const ordered = platform && orderPlatform(platform);
  const { describeTimeModel, startCluster } = await import("@slipway/rehearsal");
  const timeModel = await readTimeModel(flags.timeModel ?? platform?.timeModel, shell);
  const cluster = await startCluster({ seed, realTime, timeModel });
  // Listened for from here on, so that none is lost between a deployment's own listening and the end.
  const ended = untilInterrupted(shell);
  try {
    await serve(cluster, { ...flags, times: describeTimeModel(timeModel) }, shell);
    if (platform && ordered) {
      const { embeddedTarget, userAgentName } = await import("../input/open-target.ts");
      const { runDeployment } = await import("../run-deployment.ts");
      const target = { ...(await embeddedTarget(cluster, flags, userAgentName())), timeModel };
      const result = await runDeployment({ ordered, platform, target, flags, shell });
      if (flags.output !== "json") {
        const options = { ...result, next: [], verbose: flags.verbose === true };
        const paint = paintFor(shell.stderr, shell, flags.color);
        shell.stderr.write(`\n${renderSummary(result.summary, options, paint)}`);
      }
      if (result.outcome === "stopped") shell.exitCode = exitCodes.interrupted;
    }
    await ended;
  } finally {
    await cluster.stop();
  }
}

/** Opens the port, writes the kubeconfig, and tells where both are. */
async function serve(
  cluster: Cluster,
  flags: StartFlags & { readonly times: string },
  shell: Shell,
): Promise<void> {
  const { url, port } = await cluster.listen(flags.port);
  const kubeconfig = resolve(shell.directory, flags.writeKubeconfig);
  mkdirSync(dirname(kubeconfig), { recursive: true });
  writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
  if (flags.output === "json") {
    const document = {
      apiVersion: "slipway.dev/v1alpha1",
      kind: "Cluster",
      url,
      port,
      kubeconfig,
      times: flags.times,
    };
    shell.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const { bold } = paintFor(shell.stderr, shell, flags.color);
  shell.stdout.write(`export KUBECONFIG=${kubeconfig}\n`);
  shell.stderr.write(`${bold("Serving")} an embedded cluster at ${url}; Ctrl-C ends it\n`);
  shell.stderr.write(`${bold("Times:")} ${flags.times}\n`);
}
