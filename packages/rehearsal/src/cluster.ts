import type { Clock, Transport } from "@slipway/kubernetes";

/** How an embedded cluster is started. */
export interface ClusterOptions {
  /** Real time instead of the virtual clock. */
  readonly realTime?: boolean;
  /** Makes pod timings, uids and tokens reproducible. */
  readonly seed?: number;
  /** Multiplies the simulated pod times. */
  readonly timeScale?: number;
}

/** A running embedded cluster. */
export interface Cluster {
  readonly clock: Clock;
  /** Requests as cluster-admin, straight into the server, without a socket. */
  readonly transport: Transport;
  /** The same server for anything that speaks Request and Response. */
  fetch(request: Request): Promise<Response>;
  /** Serves it over HTTP on the loopback address; port 0 picks a free one. */
  listen(port?: number): Promise<{ readonly url: string; readonly port: number }>;
  /** A kubeconfig (YAML) for the address that `listen` gave. */
  kubeconfig(): string;
  /** Every request that the server answered, oldest first. */
  readonly audit: readonly AuditEvent[];
  stop(): Promise<void>;
}

/** One line of the server's audit log, in the terms of audit.k8s.io/v1. */
export interface AuditEvent {
  readonly at: number;
  readonly user: string;
  readonly userAgent: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code: number;
  /** `status.reason` and `status.message` of a refused request. */
  readonly reason?: string;
  readonly message?: string;
}
