// The times of simulated clusters, for whoever needs no cluster: `@slipway/rehearsal/times` loads in a few milliseconds.
export {
  controllerSteps,
  defaultTimeModel,
  podReadyMs,
  type TimedPodSpec,
  type TimeModel,
} from "./kubelet/time-model.ts";
export { sidecarImageFrom } from "./platform/istio-injector.ts";
