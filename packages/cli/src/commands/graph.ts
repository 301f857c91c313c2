import { type Command, Option } from "commander";
import { addInputFlags, addOutputFlags, type InputFlags, type OutputFlags } from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

interface GraphFlags extends InputFlags, OutputFlags {
  readonly detail: "components" | "objects";
}

/** `slipway graph`: the steps, the critical path and what waits for what; or the graph for another program. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addOutputFlags(command, ["text", "json", "dot", "mermaid"]);
  command.addOption(
    new Option("--detail <what>", "one box for each component or object (dot, mermaid)")
      .choices(["components", "objects"])
      .default("components"),
  );
  command.action(async (flags: GraphFlags) => {
    const platform = await readPlatform(flags, shell);
    const { orderPlatform } = await import("../input/order-platform.ts");
    const { expectedTimes } = await import("../input/expected-time.ts");
    const { criticalPath, printGraphDot, printGraphJson, printGraphMermaid, printGraphText } = await import(
      "@slipway/graph"
    );
    const { bundle, graph } = orderPlatform(platform);
    shell.stderr.write(renderWarnings(bundle.warnings, paintFor(shell.stderr, shell, flags.color)));
    const path = criticalPath(graph, expectedTimes(graph));
    const print = {
      json: () => printGraphJson(graph, { criticalPath: path }),
      dot: () => printGraphDot(graph, flags.detail),
      mermaid: () => printGraphMermaid(graph, flags.detail),
      text: () => printGraphText(graph, { criticalPath: path, verbose: flags.verbose === true }),
    };
    shell.stdout.write((print[flags.output as keyof typeof print] ?? print.text)());
  });
}
