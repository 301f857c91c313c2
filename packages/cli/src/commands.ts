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

const other = "Other";

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
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
