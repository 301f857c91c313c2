import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { builtin } from "@slipway/kubernetes/objects";
import type { Command } from "commander";
import { addClusterFlags, type ClusterFlags } from "../input/flags.ts";
import type { Shell } from "../shell.ts";

interface CalibrateFlags extends ClusterFlags {
  readonly output?: string;
}

/** `slipway cluster calibrate`: a time model from what a cluster's kubelets said of pulls and starts. */
export function configureCalibrate(command: Command, shell: Shell): void {
  const calibrate = command
    .command("calibrate")
    .description("measure on a real cluster how long pods take, for rehearsals with the same times");
  addClusterFlags(calibrate, "it must be named");
  calibrate
    .option("-o, --output <file>", "write the time model here instead of to standard output")
    .addHelpText(
      "after",
      `
It reads events and pods, and changes nothing. A cluster keeps events for about an hour, so calibrate soon after
pods have started.

Examples:
  $ slipway cluster calibrate --context staging -o staging-times.yaml
  $ slipway up --time-model staging-times.yaml`,
    );
  calibrate.action((flags: CalibrateFlags) => calibrateFrom(flags, shell));
}

async function calibrateFrom(flags: CalibrateFlags, shell: Shell): Promise<void> {
  const { openTarget, requireContext } = await import("../input/open-target.ts");
  const choice = requireContext(flags, {
    message: "which cluster? The embedded one has no times but those of its model",
    next: "slipway cluster calibrate --context NAME [--kubeconfig FILE]",
  });
  const target = await openTarget(choice, flags, shell);
  try {
    const { calibrateTimeModel, formatTimeModel } = await import("@slipway/rehearsal");
    const [pods, events] = await Promise.all([
      target.client.list(builtin("", "Pod"), { limit: 500 }),
      target.client.list(builtin("", "Event"), { limit: 500 }),
    ]);
    const { model, pods: told } = calibrateTimeModel(target.name, { pods: pods.items, events: events.items });
    const images = Object.keys(model.images).length;
    const basis = `${images} images and ${told} starts of pods on ${target.name}`;
    const text = formatTimeModel(model, `Measured from ${basis} by slipway cluster calibrate.`);
    if (flags.output === undefined) {
      shell.stdout.write(text);
      return;
    }
    writeFileSync(resolve(shell.directory, flags.output), text);
    shell.stderr.write(`${flags.output}: measured from ${basis}\n`);
  } finally {
    await target.close();
  }
}
