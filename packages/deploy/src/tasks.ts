import { type GraphNode, nodeName } from "@slipway/graph";
import { type KubernetesObject, type ResourceType, readinessOf } from "@slipway/kubernetes";
import type { Problem } from "@slipway/yaml";
import { awaitCreated } from "./await-created.ts";
import { awaitGone } from "./await-gone.ts";
import { awaitReady } from "./await-ready.ts";
import { awaitWebhook, type WebhookNode } from "./await-webhook.ts";
import type { Board, Card } from "./board.ts";
import { describePods } from "./describe-pods.ts";
import { NodeFailure } from "./failure.ts";
import { followDefinition } from "./follow-definition.ts";
import { createGate } from "./gate.ts";
import { prepareObject } from "./prepare-object.ts";
import { probeWebhooks } from "./probe.ts";
import type { Reporter } from "./reporter.ts";
import type { RunOptions } from "./run.ts";
import { createStorageClasses } from "./storage-classes.ts";
import { timeoutOf } from "./timeouts.ts";
import { urgencies } from "./urgency.ts";
import { createWatches } from "./watches.ts";
import { writeObject } from "./write-object.ts";

export type ObjectNode = Extract<GraphNode, { type: "object" }>;
export type CreatedNode = Extract<GraphNode, { type: "created" }>;

/**
 * What is done for one node, each until it is through. All reject with NodeFailure when it cannot be done, and
 * with the stopping signal's reason when the run is stopped.
 */
export interface Tasks {
  /** Writes an object and waits until it is ready. */
  bringUp(card: Card, node: ObjectNode): Promise<void>;
  /** Waits until a webhook can be called. */
  arm(card: Card, node: WebhookNode): Promise<void>;
  /** Asks armed webhooks by a dry run of an object that they admit, until they answer. */
  probe(node: ObjectNode, webhooks: readonly Card[]): Promise<void>;
  /** Waits until what a controller makes is there. */
  awaitMade(card: Card, node: CreatedNode): Promise<void>;
}

const probePauseMs = 500;
const longestProbePauseMs = 5_000;

/** The tasks of a run. `stopping` ends their waiting, `over` their watches. */
export function createTasks(
  options: RunOptions & {
    readonly board: Board;
    readonly reporter: Reporter;
    readonly stopping: AbortSignal;
    readonly over: AbortSignal;
    /** Told when an object is on the server and not yet ready. */
    readonly onApplied: () => void;
  },
): Tasks {
  const { graph, client, clock, mapper, board, reporter, stopping } = options;
  const gate = createGate({ most: options.concurrency, clock, signal: stopping });
  const watches = createWatches({
    client,
    clock,
    memberSelector: options.memberSelector,
    signal: options.over,
    onError: reporter.watchFailed,
  });
  const storageClasses = createStorageClasses(client);
  const urgent = urgencies(graph, options.expectedMs);
  const planned = plannedNames(graph.nodes.values());
  const tell = (card: Card) => (message: string) => {
    card.message = message;
    reporter.state(card);
  };
  const resourceOf = (node: ObjectNode): ResourceType => {
    const type = mapper.findFor(node.object);
    if (!type) throw new Error(`${node.object.kind} is not mapped`);
    return type;
  };
  const outlive = async (old: KubernetesObject, type: ResourceType, name: string, deadline: number) => {
    const { name: named, namespace } = old.metadata;
    const stayed = await awaitGone({
      client,
      clock,
      type,
      objects: [old],
      selection: { fieldSelector: `metadata.name=${named}`, ...(namespace ? { namespace } : {}) },
      timeoutMs: deadline - clock.now(),
      signal: stopping,
    });
    const held = stayed.get(old);
    if (held === undefined) return;
    throw new NodeFailure({
      code: "deploy/terminating",
      message: `an older ${name} is being deleted and does not go: ${held}`,
      object: name,
      next: `remove what holds it, then run the command again`,
    });
  };
  const common = { watches, mapper, clock, signal: stopping };

  return {
    async bringUp(card, node) {
      const timeoutMs = timeoutOf(node, options.timeouts);
      const deadline = clock.now() + timeoutMs;
      const name = nodeName(node);
      const type = resourceOf(node);
      const write = () =>
        writeObject({
          client,
          clock,
          gate,
          // A server names and establishes one definition after the other, and is busy with it for many times as long
          // as with other objects.
          slow: node.id.kind === "CustomResourceDefinition",
          type,
          name,
          object: prepareObject(node.object, type, options.labels),
          urgency: urgent.get(node.key) ?? 0,
          random: options.random,
          force: options.conflicts === "force",
          context: {
            kind: node.id.kind,
            kindIsPlanned: planned.kinds.has(`${node.id.group}/${node.id.kind}`),
            namespaceIsPlanned: planned.namespaces.has(node.id.namespace ?? ""),
          },
          timeoutMs,
          signal: stopping,
          onAttempt: () => reporter.writing(card),
          onRefused: reporter.refused,
          onRetry: (attempt, inMs, reason) => reporter.retry(card, attempt, inMs, reason),
          onWarning: (text) => reporter.warning(text, card),
        });
      let applied = await write();
      while (applied.metadata.deletionTimestamp) {
        // What an older run or a person deleted has to go before it can be made anew.
        tell(card)("an older object of this name is still being deleted");
        await outlive(applied, type, name, deadline);
        applied = await write();
      }
      card.message = "";
      board.markApplied(node.key);
      options.onApplied();
      const storageClass = await storageClasses.lookUpFor(applied);
      const expectsStatus = options.expectsStatus(node.object);
      const definition =
        node.id.kind === "CustomResourceDefinition"
          ? followDefinition({ client, clock, watches, type, applied, signal: stopping })
          : undefined;
      try {
        await awaitReady({
          applied,
          name,
          clock,
          evaluate: (object, since) =>
            definition?.isServed()
              ? { state: "ready", message: "it is served" }
              : readinessOf(object, { expectsStatus, storageClass, now: clock.now(), since }),
          follow: (listener) =>
            definition?.follow(listener) ?? watches.followMember(type, refOf(applied), listener),
          deadline,
          timeoutMs,
          signal: stopping,
          onMessage: tell(card),
        });
      } catch (error) {
        if (!(error instanceof NodeFailure)) throw error;
        const detail = await describePods(client, applied, clock.now());
        if (!detail) throw error;
        throw new NodeFailure({ ...error.problem, message: `${error.problem.message}; ${detail}` });
      }
    },

    async arm(card, node) {
      const timeoutMs = timeoutOf(node, options.timeouts);
      await awaitWebhook({ ...common, node, name: nodeName(node), timeoutMs, onMessage: tell(card) });
      tell(card)("it can be called; it is asked when the first object needs it");
    },

    async probe(node, webhooks) {
      const type = resourceOf(node);
      const object = prepareObject(node.object, type, options.labels);
      const deadline =
        clock.now() + Math.max(...webhooks.map(({ node }) => timeoutOf(node, options.timeouts)));
      for (let pause = probePauseMs; ; pause = Math.min(pause * 2, longestProbePauseMs)) {
        const ask = () => probeWebhooks({ client, mapper, type, object });
        const answer = await gate.pass(Number.MAX_SAFE_INTEGER, ask);
        if (answer === undefined) return;
        if (clock.now() + pause > deadline) throw new NodeFailure(probeProblem(webhooks, node, answer));
        for (const webhook of webhooks) tell(webhook)(`a dry run says: ${answer}`);
        await clock.sleep(pause, stopping);
      }
    },

    awaitMade(_card, node) {
      const by = graph.nodes.get(node.by);
      return awaitCreated({
        ...common,
        id: node.id,
        name: nodeName(node),
        by: by ? nodeName(by) : node.by,
        timeoutMs: timeoutOf(by?.type === "object" ? by : node, options.timeouts),
      });
    },
  };
}

/** The namespaces and the custom kinds that the plan itself brings. */
function plannedNames(nodes: Iterable<GraphNode>) {
  const namespaces = new Set<string>();
  const kinds = new Set<string>();
  for (const node of nodes) {
    if (node.type !== "object") continue;
    if (node.id.kind === "Namespace" && node.id.group === "") namespaces.add(node.id.name);
    if (node.id.kind !== "CustomResourceDefinition") continue;
    const spec = node.object.spec as { group?: string; names?: { kind?: string } } | undefined;
    kinds.add(`${spec?.group}/${spec?.names?.kind}`);
  }
  return { namespaces, kinds };
}

function refOf({ metadata }: KubernetesObject): { name: string; namespace?: string } {
  return metadata.namespace
    ? { name: metadata.name, namespace: metadata.namespace }
    : { name: metadata.name };
}

function probeProblem(webhooks: readonly Card[], object: GraphNode, answer: string): Problem {
  const names = webhooks.map(({ node }) => nodeName(node)).join(", ");
  return {
    code: "deploy/webhook-away",
    message: `${names} can be called, yet a dry run of ${nodeName(object)} ends with: ${answer}`,
    object: nodeName(object),
  };
}
