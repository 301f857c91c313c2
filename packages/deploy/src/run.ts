import { type GraphNode, nodeName } from "@slipway/graph";
import type { Problem } from "@slipway/yaml";
import { type Board, type Card, createBoard } from "./board.ts";
import type { DeployOptions } from "./deploy.ts";
import { EVENT_STREAM_VERSION, type RunSummary } from "./events.ts";
import { NodeFailure } from "./failure.ts";
import { createReporter } from "./reporter.ts";
import { createTasks } from "./tasks.ts";

/** A deployment with its defaults filled in. */
export interface RunOptions extends DeployOptions {
  readonly concurrency: number;
  readonly random: () => number;
  readonly expectedMs: NonNullable<DeployOptions["expectedMs"]>;
  readonly expectsStatus: NonNullable<DeployOptions["expectsStatus"]>;
  /** Put on every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** Selects the objects that carry them. */
  readonly memberSelector: string;
}

/**
 * The run itself: begin what is unblocked, follow it, wait for any change, see what that unblocked. Each node's
 * work is a task that only tells the board how it ended.
 */
export async function run(options: RunOptions): Promise<RunSummary> {
  const { clock } = options;
  const stopping = new AbortController();
  const over = new AbortController();
  const bell = createBell();
  const board = createBoard(options.graph);
  const reporter = createReporter({ ...options, board, onBroken: (error) => stopping.abort(error) });
  const tasks = createTasks({
    ...options,
    board,
    reporter,
    stopping: stopping.signal,
    over: over.signal,
    onApplied: bell.ring,
  });
  const running = new Set<Promise<void>>();
  const probed = new Set<Card>();

  const stop = () => stopping.abort(options.signal?.reason);
  if (options.signal?.aborted) stop();
  options.signal?.addEventListener("abort", stop, { once: true });
  stopping.signal.addEventListener("abort", bell.ring, { once: true });

  const markReady = (card: Card) => {
    if (card.state === "ready") return;
    card.readyAt = clock.now();
    board.markReady(card.node.key);
    reporter.state(card);
  };
  const markFailed = (card: Card, problem: Problem) => {
    card.message = problem.message;
    board.markFailed(card.node.key);
    reporter.failed(card, problem);
  };
  /** Runs a task for some nodes; if it rejects they have failed, unless the run is being stopped. */
  const launch = (cards: readonly Card[], task: () => Promise<void>, done: () => void) => {
    const ended = task()
      .then(done)
      .catch((error: unknown) => {
        if (stopping.signal.aborted && error === stopping.signal.reason) return;
        for (const card of cards) markFailed(card, toProblem(error, card.node));
      })
      .finally(() => {
        running.delete(ended);
        bell.ring();
      });
    running.add(ended);
  };
  const begin = (card: Card) => {
    const { node } = card;
    card.startedAt = clock.now();
    const done = () => markReady(card);
    if (node.type === "object") return launch([card], () => tasks.bringUp(card, node), done);
    card.state = "applied";
    if (node.type === "created") return launch([card], () => tasks.awaitMade(card, node), done);
    launch(
      [card],
      () => tasks.arm(card, node),
      // Nobody can ask a webhook that admits nothing of the set.
      () => (card.neededBy.length === 0 ? markReady(card) : board.markArmed(node.key)),
    );
  };
  /** The object waits for nothing but webhooks that can be called: it is the one to ask them with. */
  const beginProbe = ({ node }: Card) => {
    const webhooks = board
      .waitsFor(node.key)
      .map(board.card)
      .filter((card) => !probed.has(card));
    if (node.type !== "object" || webhooks.length === 0) return;
    for (const webhook of webhooks) probed.add(webhook);
    launch(
      webhooks,
      () => tasks.probe(node, webhooks),
      () => {
        for (const webhook of webhooks) markReady(webhook);
      },
    );
  };

  try {
    reporter.started(EVENT_STREAM_VERSION);
    while (!stopping.signal.aborted) {
      for (const card of board.takeSkipped()) reporter.skipped(card);
      for (const card of board.takeUnblocked()) begin(card);
      for (const card of board.takeProbeable()) beginProbe(card);
      if (board.isSettled()) break;
      if (running.size > 0) await bell.heard();
      // Only webhooks that nobody has to ask any more are left.
      else for (const card of armedCards(board)) markReady(card);
    }
    if (stopping.signal.aborted) reporter.stopping(stopping.signal.reason);
    await Promise.allSettled(running);
    if (stopping.signal.aborted) board.stop("the run was stopped");
    for (const card of board.takeSkipped()) reporter.skipped(card);
    return reporter.finished(stopping.signal.aborted);
  } finally {
    reporter.close();
    over.abort(new Error("the run is over"));
    options.signal?.removeEventListener("abort", stop);
  }
}

function armedCards(board: Board): Card[] {
  const armed = [...board.cards.values()].filter((card) => board.isArmed(card.node.key));
  if (armed.length === 0) throw new Error("nothing is under way and nothing is ready: the graph has a cycle");
  return armed;
}

/** A bell that wakes whoever listens; a ring that nobody hears is kept. */
function createBell() {
  let rung = false;
  let wakeUp = () => {};
  return {
    ring: () => {
      rung = true;
      wakeUp();
    },
    heard: async () => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wakeUp = resolve;
        });
      }
      rung = false;
    },
  };
}

function toProblem(error: unknown, node: GraphNode): Problem {
  if (!(error instanceof NodeFailure)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: "deploy/internal", message, object: nodeName(node) };
  }
  const position = node.type === "object" ? node.origin : undefined;
  return position ? { position, ...error.problem } : error.problem;
}
