import { buildBundle } from "@slipway/platform";
import type { Command } from "commander";
import {
  addInputFlags,
  addOutputFlags,
  addStrictFlag,
  type InputFlags,
  type OutputFlags,
  type StrictFlag,
} from "../input/flags.ts";
import { readPlatform } from "../input/read-platform.ts";
import { paintFor } from "../output/paint.ts";
import { renderWarnings } from "../output/render-warnings.ts";
import type { Shell } from "../shell.ts";

/** `slipway build`: the platform's objects, as YAML (what kustomize prints) or as one JSON List. */
export function configure(command: Command, shell: Shell): void {
  addInputFlags(command);
  addStrictFlag(command);
  addOutputFlags(command, ["yaml", "json"]);
  command.action(async (flags: InputFlags & StrictFlag & OutputFlags) => {
    const bundle = buildBundle(await readPlatform(flags, shell), { strict: flags.strict === true });
    shell.stderr.write(
      renderWarnings(
        [...bundle.warnings, ...bundle.notes, ...(bundle.deprecations ?? [])],
        paintFor(shell.stderr, shell, flags.color),
      ),
    );
    if (flags.output === "json") {
      const items = bundle.resources.map((resource) => resource.object);
      shell.stdout.write(`${JSON.stringify({ apiVersion: "v1", kind: "List", items })}\n`);
      return;
    }
    shell.stdout.write(bundle.yaml);
  });
}
