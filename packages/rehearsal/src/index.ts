// The public face of @slipway/rehearsal.
export type { AuditEvent, Cluster, ClusterOptions } from "./cluster.ts";
