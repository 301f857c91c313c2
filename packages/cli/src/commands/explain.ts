import type { Command } from "commander";
import { addInputFlags, addOutputFlags, type InputFlags, type OutputFlags } from "../input/flags.ts";
import type { Shell } from "../shell.ts";

/** `slipway explain OBJECT [FIELD]`: the place that first set a field and each step that changed it. */
export function configure(command: Command, shell: Shell): void {
  command
    .argument("<object>", "kind/name or kind/namespace/name; short names such as deploy are allowed")
    .argument("[field]", "for instance spec.template.spec.containers[name=manager].image");
  addInputFlags(command);
  addOutputFlags(command, ["text", "json"]);
  command.action(async (name: string, field: string | undefined, flags: InputFlags & OutputFlags) => {
    const { explainObject } = await import("../explain/explain-object.ts");
    await explainObject(name, field, flags, shell);
  });
}
