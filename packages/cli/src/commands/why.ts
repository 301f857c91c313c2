import type { GraphNode } from "@slipway/graph";
import { createMapper, findObject } from "@slipway/kubernetes/objects";
import type { Command } from "commander";
import { addInputFlags, addOutputFlags, type InputFlags, type OutputFlags } from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import type { Shell } from "../shell.ts";

type ObjectNode = Extract<GraphNode, { type: "object" }>;

/** `slipway why OBJECT`: what it waits for and what waits for it, each with the field that says so. */
export function configure(command: Command, shell: Shell): void {
  command.argument("<object>", "kind/name or kind/namespace/name; short names such as deploy are allowed");
  addInputFlags(command);
  addOutputFlags(command, ["text", "json"]);
  command.action(async (name: string, flags: InputFlags & OutputFlags) => {
    const platform = await readPlatform(flags, shell);
    const { orderPlatform } = await import("../input/order-platform.ts");
    const { explainNode, nodeName, printExplanationText } = await import("@slipway/graph");
    const { bundle, graph } = orderPlatform(platform);
    const objects = [...graph.nodes.values()].filter((node): node is ObjectNode => node.type === "object");
    const found = findObject(name, objects, {
      mapper: createMapper({ crds: bundle.resources.map((resource) => resource.object) }),
      identityOf: (node) => node.id,
    });
    const explanation = explainNode(graph, found.key);
    if (!explanation) return;
    if (flags.output !== "json") return shell.stdout.write(printExplanationText(graph, explanation));
    const { node, ...rest } = explanation;
    const document = {
      apiVersion: "slipway.dev/v1alpha1",
      kind: "Explanation",
      name: nodeName(node),
      key: node.key,
    };
    shell.stdout.write(`${JSON.stringify({ ...document, ...rest, step: rest.step + 1 }, null, 2)}\n`);
  });
}
