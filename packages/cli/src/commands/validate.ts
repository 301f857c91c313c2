import type { Command } from "commander";
import { addInputFlags, addOutputFlags, type InputFlags, type OutputFlags } from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

/** `slipway validate`: reads, builds and orders everything, and touches no cluster. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addOutputFlags(command, ["text", "json"]);
  command.action(async (flags: InputFlags & OutputFlags) => {
    const platform = await readPlatform(flags, shell);
    const { orderPlatform, warningsOf } = await import("../input/order-platform.ts");
    const ordered = orderPlatform(platform);
    const { bundle, graph } = ordered;
    const warnings = warningsOf(ordered);
    const edges = graph.edges.length;
    if (flags.output === "json") {
      const document = {
        apiVersion: "slipway.dev/v1alpha1",
        kind: "Validation",
        valid: true,
        name: platform.name,
        release: bundle.release,
        objects: bundle.resources.length,
        edges,
        warnings,
      };
      shell.stdout.write(`${JSON.stringify(document)}\n`);
      return;
    }
    shell.stderr.write(renderWarnings(warnings, paintFor(shell.stderr, shell, flags.color)));
    shell.stdout.write(
      `${platform.file ?? bundle.release} is valid: ${bundle.resources.length} objects of release ${bundle.release}, ${edges} edges, no cycle\n`,
    );
  });
}
