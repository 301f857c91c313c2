import type { Client, Clock } from "@slipway/kubernetes";

/**
 * What a controller is given: an API client of its own, time, and reproducible chance. Controllers know no
 * more of the server than any client does, so they also run against a real one.
 */
export interface ControllerContext {
  readonly client: Client;
  readonly clock: Clock;
  /** A number in [0, 1), from the cluster's seed. */
  readonly random: () => number;
  /** Stops everything that the controller started. */
  readonly signal: AbortSignal;
}

/** Starts a controller; it works until the context's signal aborts. */
export type Controller = (context: ControllerContext) => void;
