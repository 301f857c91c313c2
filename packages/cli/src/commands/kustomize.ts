import type { LoadRestrictor } from "@slipway/kustomize";
import { type Command, Option } from "commander";
import { addPrintingFlags, addStrictFlag, type OutputFlags, type StrictFlag } from "../input/flags.ts";
import type { HelmFlags } from "../input/helm-program.ts";
import type { Shell } from "../shell.ts";

/** What `slipway kustomize` takes beside the folder. */
export interface KustomizeFlags extends OutputFlags, StrictFlag, HelmFlags {
  readonly remotes?: string;
  readonly lock?: string;
  readonly loadRestrictor?: string;
  readonly reorder?: "legacy" | "none";
  readonly enableAlphaPlugins?: boolean;
  readonly enableExec?: boolean;
  readonly network?: boolean;
  readonly enableManagedbyLabel?: boolean;
  readonly mount?: readonly string[];
}

/** Our names of the restrictors and kustomize's. */
export const restrictors: Readonly<Record<string, LoadRestrictor>> = {
  rootOnly: "rootOnly",
  none: "none",
  LoadRestrictionsRootOnly: "rootOnly",
  LoadRestrictionsNone: "none",
};

/** `slipway kustomize DIR`: what `kustomize build DIR` prints, made in process. */
export function configure(command: Command, shell: Shell): void {
  command
    .argument("[dir]", "the folder of the kustomization", ".")
    .option("--remotes <dir>", "take remote references from this folder and fetch nothing")
    .option(
      "--lock <file>",
      "take remote references as this lock has them (default: slipway.lock in this folder, if there)",
    )
    .addOption(
      new Option("--load-restrictor <what>", "whether files may lie outside the folder").choices(
        Object.keys(restrictors),
      ),
    )
    .addOption(
      new Option("--reorder <how>", "the order where the kustomization names none").choices([
        "legacy",
        "none",
      ]),
    )
    .option("--enable-helm", "inflate helmCharts with the helm program of this machine")
    .option("--helm-command <path>", "the helm program", "helm")
    .option(
      "--helm-api-versions <list>",
      "API versions for charts, separated by commas (repeatable)",
      separated,
    )
    .option("--helm-kube-version <version>", "the version of Kubernetes for charts")
    .option("--helm-debug", "have helm say more when it fails")
    .option(
      "--enable-managedby-label",
      "label every object as managed by kustomize; buildMetadata can say it too",
    )
    .option("-e, --env <variable>", "taken as kustomize takes it; only containers would see it", repeated)
    .option("--as-current-user", "taken as kustomize takes it; only containers would see it")
    .option("--enable-alpha-plugins", "refused: a build runs no plugins and no containers")
    .option("--enable-exec", "refused: a build runs no plugins and no containers")
    .option("--network", "refused: a build runs no plugins and no containers")
    .option("--network-name <name>", "taken as kustomize takes it; only containers would use it")
    .option("--mount <what>", "refused: a build runs no plugins and no containers", repeated)
    .option("-o, --output <what>", "yaml, json, a file to write, or a folder for a file per object", "yaml");
  addStrictFlag(command);
  addPrintingFlags(command);
  command.action(async (directory: string, flags: KustomizeFlags) => {
    const { buildFolder } = await import("../build/build-folder.ts");
    await buildFolder(directory, flags, shell);
  });
}

function separated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(",")];
}

function repeated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
