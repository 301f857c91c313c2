import type { DeployEvent } from "@slipway/deploy";

/** A consumer of a run's events that shows them to a person or a program. */
export interface ProgressView {
  show(event: DeployEvent): void;
  /** Leaves the terminal as it was found; nothing is shown after it. */
  close(): void;
}
