// The public face of @slipway/deploy.
export { type AuditedRequest, findOrderRefusals, type OrderRefusal } from "./audit-order.ts";
export { type DeployOptions, deploy } from "./deploy.ts";
export {
  type DeployEvent,
  EVENT_STREAM_VERSION,
  type ObjectState,
  type RunSummary,
  type StartedNode,
} from "./events.ts";
export { createJournal, type Journal } from "./journal.ts";
export { type LastRun, readLastRun } from "./last-run.ts";
export {
  type Membership,
  membershipLabel,
  membershipOf,
  type RecordedMembership,
  readMembership,
} from "./membership.ts";
export { type RemoveEvent, type RemoveOptions, type RemoveSummary, remove } from "./remove.ts";
export { type Timeouts, timeoutOf } from "./timeouts.ts";
export { type UnownedField, unownedFields } from "./unowned-fields.ts";
export { fieldManager } from "./write-object.ts";
