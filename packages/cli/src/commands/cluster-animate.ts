import { type Command, InvalidArgumentError } from "commander";
import { addClusterFlags, type ClusterFlags, wholeNumber } from "../input/flags.ts";
import { readTimeModel } from "../input/read-time-model.ts";
import type { Shell } from "../shell.ts";
import { untilInterrupted } from "../stop-on-interrupt.ts";

interface AnimateFlags extends ClusterFlags {
  readonly nodes: number;
  readonly timeScale: number;
  readonly webhookSocket?: string;
}

/** `slipway cluster animate`: simulated nodes and platform controllers for a control plane that has none. */
export function configureAnimate(command: Command, shell: Shell): void {
  const animate = command
    .command("animate")
    .description("simulate nodes, pods, volumes and the platform's controllers on a bare control plane");
  addClusterFlags(animate, "it must be named");
  animate
    .option("--nodes <number>", "simulated nodes to create", wholeNumber, 3)
    .option("--time-model <file>", "how long pods take (slipway cluster calibrate measures it)")
    .option("--time-scale <factor>", "multiplies the times of that model", positiveNumber, 1)
    .option("--webhook-socket <path>", "answer webhooks here: the unix socket that its egress selector names")
    .addHelpText(
      "after",
      "\nFor a kube-apiserver with controller manager and scheduler but without kubelets, as envtest and kwok give" +
        "\none. It never touches pods on nodes that it did not create.",
    );
  animate.action((flags: AnimateFlags) => animateCluster(flags, shell));
}

async function animateCluster(flags: AnimateFlags, shell: Shell): Promise<void> {
  const { openTarget, requireContext } = await import("../input/open-target.ts");
  const choice = requireContext(flags, {
    message: "which control plane? The embedded cluster is animated already",
    next: "slipway cluster animate --context NAME [--kubeconfig FILE]",
  });
  const timeModel = await readTimeModel(flags.timeModel, shell);
  const target = await openTarget(choice, flags, shell);
  const stopping = new AbortController();
  try {
    const { animate, describeTimeModel } = await import("@slipway/rehearsal");
    const scaled = { ...timeModel, scale: timeModel.scale * flags.timeScale };
    await animate({
      client: target.client,
      clock: target.clock,
      random: target.random,
      signal: stopping.signal,
      nodes: flags.nodes,
      timeModel: scaled,
      ...(flags.webhookSocket === undefined ? {} : { webhookSocket: flags.webhookSocket }),
    });
    shell.stderr.write(`Animating ${target.name} with ${flags.nodes} simulated nodes; Ctrl-C ends it\n`);
    shell.stderr.write(`Times: ${describeTimeModel(scaled)}\n`);
    await untilInterrupted(shell);
  } finally {
    stopping.abort();
    await target.close();
  }
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`"${text}" is no number above 0.`);
  return value;
}
