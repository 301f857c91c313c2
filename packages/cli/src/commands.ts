import type { Command } from "commander";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
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
  /** Shown first in the command's help. */
  readonly examples: readonly string[];
  /** For commands with subcommands of their own, their names. */
  readonly subcommands?: readonly string[];
  /** What every failure ends with, for a command that stands in for another program. */
  readonly failsWith?: ExitCode;
  readonly load: () => Promise<CommandModule>;
}

const deploying = "Deploy";
const building = "Build and order";
const releasing = "Releases";
const configuring = "Configure";
const other = "Other";

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: "up",
    summary: "deploy the platform in order and wait until it is ready",
    group: deploying,
    examples: ["slipway up", "slipway up --release 26.03", "slipway up --context staging --drop katib"],
    load: () => import("./commands/up.ts"),
  },
  {
    name: "down",
    summary: "remove what `up` made, in reverse order",
    group: deploying,
    examples: ["slipway down --context staging --confirm staging"],
    load: () => import("./commands/down.ts"),
  },
  {
    name: "status",
    summary: "show the last run",
    group: deploying,
    examples: ["slipway status", "slipway status -o json"],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "build",
    summary: "print the platform's objects as kustomize prints them",
    group: building,
    examples: [
      "slipway build > platform.yaml",
      "slipway build --watch -o platform.yaml",
      "slipway build --release vendor/kubeflow/26.03 --strict",
      "slipway build --release ../manifests --remotes ../remotes",
    ],
    load: () => import("./commands/build.ts"),
  },
  {
    name: "kustomize",
    summary: "build any folder with a kustomization",
    group: building,
    examples: [
      "slipway kustomize ../manifests/common/dex/overlays/oauth2-proxy",
      "slipway kustomize --lock ../platform/slipway.lock overlays/production",
      "slipway kustomize --enable-helm --helm-command helm3 overlays/production",
    ],
    failsWith: exitCodes.failed,
    load: () => import("./commands/kustomize.ts"),
  },
  {
    name: "graph",
    summary: "show in which order objects are deployed",
    group: building,
    examples: ["slipway graph", "slipway graph -o dot | dot -Tsvg > graph.svg"],
    load: () => import("./commands/graph.ts"),
  },
  {
    name: "why",
    summary: "explain why an object stands where it stands in that order",
    group: building,
    examples: [
      "slipway why deploy/kubeflow/katib-controller",
      "slipway why profile/kubeflow-user-example-com",
    ],
    load: () => import("./commands/why.ts"),
  },
  {
    name: "explain",
    summary: "tell which file and line set a field, and which step changed it",
    group: building,
    examples: [
      "slipway explain deploy/kubeflow/katib-controller",
      "slipway explain deploy/kubeflow/katib-controller 'spec.template.spec.containers[name=katib-controller].image'",
    ],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "diff",
    summary: "compare two builds by object and field",
    group: building,
    examples: [
      "slipway diff --build vendor/kubeflow/26.03 vendor/kubeflow/26.04",
      "slipway diff --build starter slipway.yaml -o json",
    ],
    load: () => import("./commands/diff.ts"),
  },
  {
    name: "release",
    summary: "list releases, and lock one to the byte",
    group: releasing,
    examples: [
      "slipway release list",
      "slipway release lock",
      "slipway release lock --release 26.03",
      "slipway release lock --check",
    ],
    subcommands: ["list", "lock"],
    load: () => import("./commands/release.ts"),
  },
  {
    name: "vendor",
    summary: "bring a release and all that it refers to into your repository",
    group: releasing,
    examples: ["slipway vendor", "slipway vendor --release 26.03", "slipway vendor --if-newer"],
    load: () => import("./commands/vendor.ts"),
  },
  {
    name: "validate",
    summary: "check slipway.yaml and everything that it builds",
    group: configuring,
    examples: ["slipway validate", "slipway validate -f staging.yaml -o json"],
    load: () => import("./commands/validate.ts"),
  },
  {
    name: "cluster",
    summary: "run the embedded cluster alone, animate a bare control plane, or measure times",
    group: other,
    examples: [
      "slipway cluster start --port 6443",
      "KUBECONFIG=.slipway/kubeconfig kubectl get nodes",
      "slipway cluster animate --context envtest",
      "slipway cluster calibrate --context staging -o staging-times.yaml",
    ],
    subcommands: ["start", "animate", "calibrate"],
    load: () => import("./commands/cluster.ts"),
  },
  {
    name: "completion",
    summary: "print the completion script of a shell",
    group: other,
    examples: ["source <(slipway completion bash)"],
    subcommands: ["bash", "zsh", "fish"],
    load: () => import("./commands/completion.ts"),
  },
];
