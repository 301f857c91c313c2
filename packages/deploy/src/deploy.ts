import { type Graph, type GraphNode, nodeName } from "@slipway/graph";
import {
  type Client,
  type Clock,
  explainClusterError,
  isApiError,
  type KubernetesObject,
  type ResourceMapper,
} from "@slipway/kubernetes";
import { ProblemError } from "@slipway/yaml";
import type { DeployEvent, RunSummary } from "./events.ts";
import { acquireLock, type Lock } from "./lock.ts";
import { type Membership, membershipLabel, membershipOf, recordMembership } from "./membership.ts";
import { punctualClient } from "./punctual-client.ts";
import { run } from "./run.ts";
import { mayHaveStatus } from "./statusless-kinds.ts";
import type { Timeouts } from "./timeouts.ts";

/** What a run needs. Everything that it does to the world goes through `client`, `clock` and `emit`. */
export interface DeployOptions {
  readonly graph: Graph;
  readonly client: Client;
  /** Must know every kind of the graph: the built-in ones, those of its definitions, and the cluster's. */
  readonly mapper: ResourceMapper;
  readonly clock: Clock;
  /** The names that the events carry. */
  readonly release: string;
  readonly cluster: string;
  readonly run: string;
  /** Called with every event, in order, before the run goes on; what it throws stops the run and is thrown. */
  readonly emit: (event: DeployEvent) => void;
  /** Aborting it stops the run in an orderly way; its reason is told. */
  readonly signal?: AbortSignal;
  /** Writes at a time, at most (8). */
  readonly concurrency?: number;
  readonly timeouts?: Timeouts;
  /** In [0, 1), for the spread of repeated writes; always the same when left out. */
  readonly random?: () => number;
  /** How long a node is expected to take until it is ready: for the order of writes and for consumers. */
  readonly expectedMs?: (node: GraphNode) => number;
  /**
   * What to do about fields that others own with another value. `yield`: what controllers changed is left as it
   * is, with a warning, and what people or other tools set is an error; `force` takes all of them over.
   */
  readonly conflicts?: "yield" | "force";
  /** Whether a controller is meant to write this object's status; from its definition and {@link mayHaveStatus} when left out. */
  readonly expectsStatus?: (object: KubernetesObject) => boolean;
  readonly membership?: Membership;
  /** The time model of a simulated cluster, by its name: told with the first event. */
  readonly timeModel?: string;
}

/**
 * Brings a graph of objects onto a cluster and waits until all of it is ready. Resolves with the run's summary
 * whatever its outcome; single objects' errors are in it. Rejects with a ProblemError when the run could not
 * begin (the cluster refuses, another run is under way, the set belongs to another tool), and with what `emit` threw.
 */
export async function deploy(given: DeployOptions): Promise<RunSummary> {
  const options = { ...given, client: punctualClient(given.client, given.clock) };
  const membership = options.membership ?? membershipOf();
  const types = checkKinds(options.graph, options.mapper);
  const lock = await begin(options, membership);
  const signal = options.signal ? AbortSignal.any([options.signal, lock.lost]) : lock.lost;
  try {
    return await run({
      ...options,
      signal,
      concurrency: options.concurrency ?? 8,
      random: options.random ?? (() => 0.5),
      expectedMs: options.expectedMs ?? (() => 0),
      expectsStatus:
        options.expectsStatus ??
        ((object) => mayHaveStatus(object) && (types.get(object)?.expectsStatus ?? false)),
      labels: { [membershipLabel]: membership.id },
      memberSelector: `${membershipLabel}=${membership.id}`,
    });
  } finally {
    await lock.release();
  }
}

/** Every object of the graph with its resource. Throws a ProblemError for one whose kind nobody serves. */
function checkKinds(graph: Graph, mapper: ResourceMapper) {
  const types = new Map<KubernetesObject, NonNullable<ReturnType<ResourceMapper["findFor"]>>>();
  for (const node of graph.nodes.values()) {
    if (node.type !== "object") continue;
    const type = mapper.findFor(node.object);
    if (!type) {
      throw new ProblemError({
        code: "deploy/no-kind",
        message: `nothing serves ${node.object.kind} in ${node.object.apiVersion}`,
        object: nodeName(node),
        ...(node.origin ? { position: node.origin } : {}),
        next: "add its CustomResourceDefinition to the release, or correct its apiVersion",
      });
    }
    types.set(node.object, type);
  }
  return types;
}

/** Takes the lock and records the set, before anything of it is written. */
async function begin(options: DeployOptions, membership: Membership): Promise<Lock> {
  const { client, clock, release } = options;
  const objects = [...options.graph.nodes.values()].flatMap((node) =>
    node.type === "object" ? [node.id] : [],
  );
  let lock: Lock | undefined;
  try {
    lock = await acquireLock({ client, clock, membership, holder: options.run });
    await recordMembership({ client, membership, objects, release });
    return lock;
  } catch (error) {
    await lock?.release();
    if (error instanceof ProblemError) throw error;
    if (isApiError(error) && error.code !== 401 && error.code !== 403) {
      throw new ProblemError(
        {
          code: "deploy/record",
          message: `the record of the deployment cannot be written: ${error.message}`,
          object: `ConfigMap/${membership.namespace}/${membership.name}`,
        },
        { cause: error },
      );
    }
    throw explainClusterError(error, { server: options.cluster, context: options.cluster });
  }
}
