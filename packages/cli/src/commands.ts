import type { Command } from "commander";
import type { Shell } from "./shell.ts";

/** A command's module: it adds its arguments, flags and action to a bare commander command. */
export interface CommandModule {
  configure(command: Command, shell: Shell): void;
}

/** A command as the help and the completion know it; its module is only loaded when it runs. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** For commands with subcommands of their own, their names. */
  readonly subcommands?: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

const deploying = "Deploy";
const building = "Build and order";
const configuring = "Configure";
const other = "Other";

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: "up",
    summary: "deploy the platform in order and wait until it is ready",
    group: deploying,
    load: () => import("./commands/up.ts"),
  },
  {
    name: "down",
    summary: "remove what `up` made, in reverse order",
    group: deploying,
    load: () => import("./commands/down.ts"),
  },
  {
    name: "status",
    summary: "show the last run",
    group: deploying,
    load: () => import("./commands/status.ts"),
  },
  {
    name: "build",
    summary: "print the platform's objects as kustomize prints them",
    group: building,
    load: () => import("./commands/build.ts"),
  },
  {
    name: "kustomize",
    summary: "build any folder with a kustomization",
    group: building,
    load: () => import("./commands/kustomize.ts"),
  },
  {
    name: "graph",
    summary: "show in which order objects are deployed",
    group: building,
    load: () => import("./commands/graph.ts"),
  },
  {
    name: "why",
    summary: "explain why an object stands where it stands in that order",
    group: building,
    load: () => import("./commands/why.ts"),
  },
  {
    name: "validate",
    summary: "check slipway.yaml and everything that it builds",
    group: configuring,
    load: () => import("./commands/validate.ts"),
  },
  {
    name: "cluster",
    summary: "run the embedded cluster alone",
    group: other,
    subcommands: ["start"],
    load: () => import("./commands/cluster.ts"),
  },
  {
    name: "completion",
    summary: "print the completion script of a shell",
    group: other,
    subcommands: ["bash", "zsh", "fish"],
    load: () => import("./commands/completion.ts"),
  },
];
