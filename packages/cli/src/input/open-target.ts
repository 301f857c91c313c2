import {
  builtin,
  type Client,
  type Clock,
  checkCluster,
  connect,
  createClient,
  createMapper,
  discover,
  explainClusterError,
  type KubernetesObject,
  loadKubeconfig,
  type ResourceMapper,
  systemClock,
} from "@slipway/kubernetes";
import type { Cluster, TimeModel } from "@slipway/rehearsal";
import { ProblemError } from "@slipway/yaml";
import type { Shell } from "../shell.ts";
import { slipwayVersion } from "../version.ts";
import type { ClusterFlags } from "./flags.ts";
import { readTimeModel } from "./read-time-model.ts";

/** The cluster that a command works on. */
export interface Target {
  /** For events and messages: a context's name, or `embedded`. */
  readonly name: string;
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  /** Its time is simulated and jumps. */
  readonly simulated: boolean;
  /** By which model its pods take time, where they are simulated. */
  readonly timeModel?: TimeModel;
  /** Knows the cluster's kinds and those that the objects define. */
  mapperFor(objects: Iterable<KubernetesObject>): ResourceMapper;
  /** Whether it serves a kind already, before anything is deployed. */
  serves(kind: { readonly group: string; readonly kind: string }): boolean;
  /** The labels of a namespace that it has already. */
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
  close(): Promise<void>;
}

/** Which cluster a command is to work on; nothing has been asked of it yet. */
export type ClusterChoice =
  | { readonly type: "embedded" }
  | { readonly type: "context"; readonly context: string; readonly kubeconfig?: string };

/**
 * The flag decides, then slipway.yaml; with neither it is the embedded cluster. The current context of a
 * kubeconfig is never used.
 */
export function chooseCluster(
  flags: ClusterFlags,
  named: { readonly context: string; readonly kubeconfig?: string } | undefined,
): ClusterChoice {
  const context = flags.context ?? named?.context;
  if (context === undefined) {
    if (flags.kubeconfig === undefined) return { type: "embedded" };
    throw new ProblemError({
      code: "usage/no-context",
      message: "--kubeconfig is given without --context; the current context is never used by itself",
      next: `name one of its contexts: ${loadKubeconfig({ path: flags.kubeconfig }).contexts.join(", ")}`,
    });
  }
  const kubeconfig = flags.kubeconfig ?? (flags.context === undefined ? named?.kubeconfig : undefined);
  return { type: "context", context, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
}

/** The context that the flags name, for what the embedded cluster will not do for; `otherwise` says why not. */
export function requireContext(
  flags: ClusterFlags,
  otherwise: { readonly message: string; readonly next: string },
): ClusterChoice {
  const choice = chooseCluster(flags, undefined);
  if (choice.type === "embedded") throw new ProblemError({ code: "usage/no-context", ...otherwise });
  return choice;
}

/**
 * Starts the embedded cluster, or connects to a context and checks that it can be worked with. The flag names
 * the embedded cluster's time model, or else `timeModel` does.
 */
export async function openTarget(
  choice: ClusterChoice,
  flags: ClusterFlags,
  shell: Shell,
  timeModel?: string,
): Promise<Target> {
  const userAgent = userAgentName();
  return choice.type === "embedded"
    ? openEmbedded(flags, userAgent, await readTimeModel(flags.timeModel ?? timeModel, shell))
    : openContext(choice, { userAgent, environment: shell.environment });
}

async function openEmbedded(flags: ClusterFlags, userAgent: string, timeModel: TimeModel): Promise<Target> {
  // Loaded here: it is by far the largest package, and only this needs it.
  const { startCluster } = await import("@slipway/rehearsal");
  const { seed = 1, realTime = false } = flags;
  const cluster = await startCluster({ seed, realTime, timeModel });
  return { ...(await embeddedTarget(cluster, flags, userAgent)), timeModel };
}

/** A running embedded cluster as a target; closing the target stops it. */
export async function embeddedTarget(
  cluster: Cluster,
  { seed = 1, realTime = false }: ClusterFlags,
  userAgent: string,
): Promise<Target> {
  const { createRandom } = await import("@slipway/rehearsal");
  return {
    name: "embedded",
    client: createClient({ transport: cluster.transport, userAgent }),
    clock: cluster.clock,
    random: createRandom(seed),
    simulated: !realTime,
    mapperFor: (objects) => createMapper({ crds: objects }),
    serves: () => false,
    namespaceLabels: () => undefined,
    close: () => cluster.stop(),
  };
}

async function openContext(
  { context, kubeconfig }: Extract<ClusterChoice, { type: "context" }>,
  { userAgent, environment }: { readonly userAgent: string; readonly environment: Shell["environment"] },
): Promise<Target> {
  const access = loadKubeconfig({
    env: environment,
    ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
  }).access(context);
  const { transport, close } = await connect(access);
  try {
    await checkCluster({ transport, server: access.server, context, userAgent });
    const client = createClient({ transport, userAgent });
    const { resources } = await discover({ transport, userAgent });
    const served = createMapper({ discovered: resources });
    const { items } = await client.list(builtin("", "Namespace"));
    const namespaces = new Map(items.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
    return {
      name: context,
      client,
      clock: systemClock,
      random: Math.random,
      simulated: false,
      mapperFor: (objects) => createMapper({ crds: objects, discovered: resources }),
      serves: ({ group, kind }) => served.find(group, kind) !== undefined,
      namespaceLabels: (name) => namespaces.get(name),
      close,
    };
  } catch (error) {
    await close();
    throw explainClusterError(error, { server: access.server, context });
  }
}

/** How our requests call themselves in a server's audit log. */
export function userAgentName(): string {
  return `slipway/${slipwayVersion()}`;
}
