import type { Problem } from "@slipway/yaml";

/** The version of the event stream: minor is additive, major breaks. */
export const EVENT_STREAM_VERSION = "1.1";

/** Where an object stands on its way. */
export type ObjectState =
  | "waiting" // for its predecessors
  | "applying" // the write is under way, or is being retried
  | "applied" // the server has it; it is not ready yet
  | "ready"
  | "failed"
  | "skipped"; // something that it waits for failed, or the run was stopped

/**
 * All that a run says, in order. The terminal, `-o json`, the web page and the journal are consumers of it.
 * `at` is milliseconds since the Unix epoch on the run's clock; `node` is a graph node's key.
 */
export type DeployEvent =
  | {
      readonly type: "started";
      readonly at: number;
      readonly version: string;
      readonly run: string;
      readonly cluster: string;
      readonly release: string;
      /** In a rehearsal, the model that says how long its simulated pods take. */
      readonly timeModel?: string;
      readonly objects: number;
      readonly nodes: readonly StartedNode[];
    }
  | {
      readonly type: "state";
      readonly at: number;
      readonly node: string;
      readonly state: ObjectState;
      readonly message?: string;
      readonly waitsFor?: readonly string[];
    }
  | {
      readonly type: "retry";
      readonly at: number;
      readonly node: string;
      readonly attempt: number;
      readonly inMs: number;
      readonly reason: string;
    }
  | { readonly type: "warning"; readonly at: number; readonly node?: string; readonly message: string }
  | {
      readonly type: "heartbeat";
      readonly at: number;
      readonly ready: number;
      readonly total: number;
      readonly waitingFor: readonly { readonly node: string; readonly message: string }[];
    }
  | {
      readonly type: "stopping";
      readonly at: number;
      readonly reason: string;
      readonly applied: number;
      readonly total: number;
    }
  | {
      readonly type: "finished";
      readonly at: number;
      readonly outcome: "ready" | "failed" | "stopped";
      readonly summary: RunSummary;
    };

/** A node as a consumer needs it to draw: the name that people use, its component, its expected time. */
export interface StartedNode {
  readonly node: string;
  readonly name: string;
  readonly component?: string;
  readonly expectedMs?: number;
}

/** The end of a run, in numbers and with every final error. */
export interface RunSummary {
  readonly durationMs: number;
  readonly counts: Readonly<Record<ObjectState, number>>;
  readonly writes: number;
  readonly refused: number;
  readonly retries: number;
  readonly errors: readonly Problem[];
  readonly warnings: readonly string[];
  /** The chain of nodes that took longest, each with when it started and when it was ready (ms from the start). */
  readonly slowestPath: readonly {
    readonly node: string;
    readonly startMs: number;
    readonly readyMs: number;
  }[];
}
