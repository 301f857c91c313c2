import {
  type Client,
  type Clock,
  formatDuration,
  isApiError,
  type KubernetesObject,
  type ResourceType,
} from "@slipway/kubernetes";
import { classifyError, type ErrorContext, type OwnedField } from "./classify-error.ts";
import { NodeFailure } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { omitPath } from "./omit-path.ts";

/** The one field manager of everything that Slipway applies. */
export const fieldManager = "slipway";

const firstPauseMs = 500;
const longestPauseMs = 10_000;

/** One object's write. */
export interface WriteOptions {
  readonly client: Client;
  readonly type: ResourceType;
  readonly object: KubernetesObject;
  readonly name: string;
  readonly gate: Gate;
  /** Whether the write keeps the server busy for long. */
  readonly slow: boolean;
  readonly urgency: number;
  readonly clock: Clock;
  /** In [0, 1): spreads repeated writes. */
  readonly random: () => number;
  /** Take over fields that others own instead of failing. */
  readonly force: boolean;
  readonly context: ErrorContext;
  readonly timeoutMs: number;
  /** Aborts the pauses and the queueing, not a write under way. */
  readonly signal: AbortSignal;
  /** Just before each attempt; what it throws ends the write before it begins. */
  readonly onAttempt: (attempt: number) => void;
  readonly onRefused: () => void;
  readonly onRetry: (attempt: number, inMs: number, reason: string) => void;
  readonly onWarning: (text: string) => void;
}

/**
 * Applies an object server-side, again and again while the error is one that passes. Rejects with NodeFailure
 * for a final error or when the time is up, and with the signal's reason when that aborts between attempts.
 */
export async function writeObject(options: WriteOptions): Promise<KubernetesObject> {
  const { client, clock, gate, name, signal } = options;
  const deadline = clock.now() + options.timeoutMs;
  let object = options.object;
  for (let attempt = 1; ; attempt++) {
    try {
      const pass = options.slow ? gate.passSlowly : gate.pass;
      return await pass(options.urgency, () => {
        options.onAttempt(attempt);
        return client.apply(options.type, object, {
          fieldManager,
          force: options.force,
          fieldValidation: "Warn",
          onWarning: options.onWarning,
        });
      });
    } catch (error) {
      if (signal.aborted && error === signal.reason) throw error;
      if (isApiError(error)) options.onRefused();
      const verdict = classifyError(error, options.context);
      if (!verdict.retry) throw new NodeFailure({ ...verdict.problem, object: name });
      if (verdict.yieldTo) {
        object = withoutOwned(object, verdict.yieldTo, options);
        options.onRetry(attempt, 0, verdict.reason);
        continue;
      }
      if (verdict.overloaded) gate.ease();
      const pause = verdict.afterMs ?? backoff(attempt, options.random);
      if (clock.now() + pause > deadline) {
        throw new NodeFailure({
          code: "deploy/not-accepted",
          message: `${name} was not accepted within ${formatDuration(options.timeoutMs)}: ${verdict.reason}`,
          object: name,
        });
      }
      options.onRetry(attempt, pause, verdict.reason);
      await clock.sleep(pause, signal);
    }
  }
}

/** Leaves the fields to their owners and says so; each must be there, or the write would go round for ever. */
function withoutOwned(
  object: KubernetesObject,
  fields: readonly OwnedField[],
  { name, onWarning }: WriteOptions,
): KubernetesObject {
  let left = object;
  for (const { field, manager } of fields) {
    const without = omitPath(left, field);
    if (!without) {
      throw new NodeFailure({
        code: "deploy/conflict",
        message: `${manager} owns ${field}, which ${name} sets`,
        object: name,
      });
    }
    left = without;
    onWarning(`${field} is left as ${manager} set it`);
  }
  return left;
}

/** Doubles up to ten seconds; between half and all of that, so that many do not come back at once. */
function backoff(attempt: number, random: () => number): number {
  const full = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  return Math.round(full * (0.5 + random() / 2));
}
