// The public face of @slipway/deploy.
export {
  type DeployEvent,
  EVENT_STREAM_VERSION,
  type ObjectState,
  type RunSummary,
  type StartedNode,
} from "./events.ts";
