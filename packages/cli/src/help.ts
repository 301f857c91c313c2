import { commands } from "./commands.ts";
import { exitCodeMeanings } from "./exit-codes.ts";

/** The help of `slipway` itself, made without loading any command. */
export function topLevelHelp(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = [
    "Deploys the Kubeflow platform: builds it, orders it, applies it and waits until it is ready.",
    "",
    "Examples:",
    "  slipway up                          the starter platform on an embedded cluster, nothing else needed",
    "  slipway release lock; slipway up    the release of Kubeflow that slipway.yaml names",
    "  slipway up --context NAME           on a cluster of your kubeconfig",
    "  slipway why deploy/kubeflow/katib-controller",
    "",
    "Usage: slipway COMMAND [flags]",
  ];
  let group = "";
  for (const command of commands) {
    if (command.group !== group) lines.push("", `${command.group}:`);
    group = command.group;
    lines.push(`  ${command.name.padEnd(width)}  ${command.summary}`);
  }
  lines.push(
    "",
    "Flags of every command are shown by slipway COMMAND --help.",
    "  --version [-o json]  print the version",
    "",
    "Exit codes:",
    ...exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`),
    "",
  );
  return lines.join("\n");
}
