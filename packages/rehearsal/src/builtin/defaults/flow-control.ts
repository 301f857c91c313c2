// API priority and fairness, device claims and token requests (kubernetes pkg/apis/flowcontrol/v1, resource/v1,
// authentication/v1).
import { type DefaultHook, fill } from "./hook.ts";

const queuing: DefaultHook = (queuing) => {
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
};

const deviceRequest: DefaultHook = (request) => {
  fill(request, "allocationMode", "ExactCount");
  if (request.allocationMode === "ExactCount") request.count ||= 1;
};

/** Defaults by type name. */
export const flowControlDefaults: Readonly<Record<string, DefaultHook>> = {
  "flowcontrol.v1.FlowSchemaSpec": (spec) => {
    spec.matchingPrecedence ||= 1000;
  },
  "flowcontrol.v1.ExemptPriorityLevelConfiguration": (level) => {
    fill(level, "nominalConcurrencyShares", 0);
    fill(level, "lendablePercent", 0);
  },
  "flowcontrol.v1.LimitedPriorityLevelConfiguration": (level) => {
    fill(level, "nominalConcurrencyShares", 30);
    fill(level, "lendablePercent", 0);
  },
  "flowcontrol.v1.QueuingConfiguration": queuing,
  "resource.v1.ExactDeviceRequest": deviceRequest,
  "resource.v1.DeviceSubRequest": deviceRequest,
  "resource.v1.DeviceToleration": (toleration) => {
    toleration.operator ||= "Equal";
  },
  "authentication.v1.TokenRequestSpec": (spec) => fill(spec, "expirationSeconds", 3600),
};
