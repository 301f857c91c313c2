import { nodeName } from "@slipway/graph";
import { type Clock, isApiError } from "@slipway/kubernetes";
import type { Problem } from "@slipway/yaml";
import type { Board, Card } from "./board.ts";
import type { DeployOptions } from "./deploy.ts";
import type { DeployEvent, ObjectState, RunSummary } from "./events.ts";

const heartbeatMs = 15_000;
/** A heartbeat names so many of those that are waited for, the longest under way first. */
const heartbeatNames = 10;

/** Says what a run does, and counts it. */
export interface Reporter {
  started(version: string): void;
  state(card: Card): void;
  /** The intent of a write. Throws when the event could not be taken: what is not told is not done. */
  writing(card: Card): void;
  refused(): void;
  retry(card: Card, attempt: number, inMs: number, reason: string): void;
  warning(message: string, card?: Card): void;
  watchFailed(error: unknown): void;
  failed(card: Card, problem: Problem): void;
  skipped(card: Card): void;
  stopping(reason: unknown): void;
  /** The last event. Throws what the consumer of events threw during the run. */
  finished(stopped: boolean): RunSummary;
  /** Ends the heartbeat. */
  close(): void;
}

/** A reporter for one run. `onBroken` is told, once, that the consumer of events has thrown. */
export function createReporter(
  options: Pick<
    DeployOptions,
    "emit" | "graph" | "run" | "cluster" | "release" | "expectedMs" | "timeModel"
  > & {
    readonly clock: Clock;
    readonly board: Board;
    readonly onBroken: (error: unknown) => void;
  },
): Reporter {
  const { clock, board, graph } = options;
  const startedAt = clock.now();
  const errors: Problem[] = [];
  const warnings = new Set<string>();
  const objects = [...board.cards.values()].filter((card) => card.node.type === "object");
  const underWay = new Set<Card>();
  let broken: { readonly error: unknown } | undefined;
  let cancelHeartbeat = () => {};
  let writes = 0;
  let refused = 0;
  let retries = 0;
  let ready = 0;

  const emit = (event: DeployEvent) => {
    if (broken) return;
    try {
      options.emit(event);
    } catch (error) {
      broken = { error };
      options.onBroken(error);
    }
  };
  const name = (key: string) => {
    const node = graph.nodes.get(key);
    return node ? nodeName(node) : key;
  };
  const beat = () => {
    cancelHeartbeat = clock.schedule(heartbeatMs, () => {
      // Armed webhooks wait for nothing but someone who needs them.
      const late = [...underWay].filter(({ node }) => !board.isArmed(node.key));
      const waitingFor = late.slice(0, heartbeatNames).map(({ node, state, message }) => ({
        node: node.key,
        message: message || (state === "applying" ? "it is being written" : "it is not ready yet"),
      }));
      emit({ type: "heartbeat", at: clock.now(), ready, total: objects.length, waitingFor });
      beat();
    });
  };
  const state = (card: Card) => {
    const { node, message } = card;
    if (card.state === "applying" || card.state === "applied") underWay.add(card);
    else underWay.delete(card);
    if (card.state === "ready" && node.type === "object") ready += 1;
    emit({
      type: "state",
      at: clock.now(),
      node: node.key,
      state: card.state,
      ...(message && card.state !== "ready" ? { message } : {}),
    });
  };

  const warning = (message: string, card?: Card) => {
    const text = card ? `${nodeName(card.node)}: ${message}` : message;
    if (warnings.has(text)) return;
    warnings.add(text);
    emit({ type: "warning", at: clock.now(), ...(card ? { node: card.node.key } : {}), message });
  };

  return {
    started(version) {
      emit({
        type: "started",
        at: startedAt,
        version,
        run: options.run,
        cluster: options.cluster,
        release: options.release,
        ...(options.timeModel === undefined ? {} : { timeModel: options.timeModel }),
        objects: objects.length,
        nodes: [...board.cards.values()].map(({ node }) => {
          const expectedMs = options.expectedMs?.(node) ?? 0;
          return {
            node: node.key,
            name: nodeName(node),
            ...(node.component ? { component: node.component } : {}),
            ...(expectedMs > 0 ? { expectedMs } : {}),
          };
        }),
      });
      for (const card of board.cards.values()) {
        const waitsFor = board.waitsFor(card.node.key);
        if (waitsFor.length === 0) continue;
        emit({ type: "state", at: startedAt, node: card.node.key, state: "waiting", waitsFor });
      }
      beat();
    },
    state,
    writing(card) {
      writes += 1;
      card.state = "applying";
      state(card);
      if (broken) throw broken.error;
    },
    refused() {
      refused += 1;
    },
    retry(card, attempt, inMs, reason) {
      retries += 1;
      card.message = reason;
      emit({ type: "retry", at: clock.now(), node: card.node.key, attempt, inMs, reason });
    },
    warning,
    watchFailed(error) {
      // Just after its definition a kind may not be served, or be initialising; the watch is opened again soon.
      if (isApiError(error, 404) || isApiError(error, 429)) return;
      warning(
        `a watch failed and is opened again: ${error instanceof Error ? error.message : String(error)}`,
      );
    },
    failed(card, problem) {
      errors.push(problem);
      state(card);
    },
    skipped(card) {
      const because = /^(failed|skipped):(.*)$/s.exec(card.message);
      if (because?.[2])
        card.message = `it needs ${name(because[2])}, which ${because[1] === "failed" ? "failed" : "was skipped"}`;
      state(card);
    },
    stopping(reason) {
      const applied = objects.filter((card) => card.state === "applied" || card.state === "ready").length;
      const text = reason instanceof Error ? reason.message : String(reason ?? "it was asked to");
      emit({ type: "stopping", at: clock.now(), reason: text, applied, total: objects.length });
    },
    close: () => cancelHeartbeat(),
    finished(stopped) {
      cancelHeartbeat();
      const summary: RunSummary = {
        durationMs: clock.now() - startedAt,
        counts: countStates(objects),
        writes,
        refused,
        retries,
        errors,
        warnings: [...warnings],
        slowestPath: slowestPath(board, startedAt),
      };
      const outcome = stopped ? "stopped" : errors.length > 0 ? "failed" : "ready";
      emit({ type: "finished", at: clock.now(), outcome, summary });
      if (broken) throw broken.error;
      return summary;
    },
  };
}

function countStates(cards: readonly Card[]): Record<ObjectState, number> {
  const counts = { waiting: 0, applying: 0, applied: 0, ready: 0, failed: 0, skipped: 0 };
  for (const card of cards) counts[card.state] += 1;
  return counts;
}

/** From the node that was ready last, back along whoever let each one go. */
function slowestPath(board: Board, startedAt: number): RunSummary["slowestPath"] {
  let last: Card | undefined;
  for (const card of board.cards.values()) {
    if (card.readyAt !== undefined && (last?.readyAt === undefined || card.readyAt > last.readyAt))
      last = card;
  }
  const path: { node: string; startMs: number; readyMs: number }[] = [];
  while (last?.readyAt !== undefined && last.startedAt !== undefined) {
    path.push({
      node: last.node.key,
      startMs: last.startedAt - startedAt,
      readyMs: last.readyAt - startedAt,
    });
    // What could begin at once was held up by nobody, though it waited for writes of the first moment.
    if (last.startedAt === startedAt || last.releasedBy === undefined) break;
    last = board.card(last.releasedBy);
  }
  return path.reverse();
}
