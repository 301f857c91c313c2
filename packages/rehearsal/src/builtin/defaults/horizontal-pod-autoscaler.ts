// Autoscaling (kubernetes pkg/apis/autoscaling/v2/defaults.go).
import type { JsonObject } from "@slipway/yaml";
import { type DefaultHook, fill, fillMap, mapAt } from "./hook.ts";

const autoscaler: DefaultHook = (autoscaler) => {
  const spec = fillMap(autoscaler, "spec");
  fill(spec, "minReplicas", 1);
  if (!Array.isArray(spec.metrics) || spec.metrics.length === 0) {
    const target = { type: "Utilization", averageUtilization: 80 };
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target } }];
  }
  const behavior = mapAt(spec, "behavior");
  if (!behavior) return;
  behavior.scaleUp = { ...scaleUp(), ...mapAt(behavior, "scaleUp") };
  behavior.scaleDown = { ...scaleDown(), ...mapAt(behavior, "scaleDown") };
};

function scaleUp(): JsonObject {
  return {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  };
}

function scaleDown(): JsonObject {
  return { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };
}

/** Defaults by type name. */
export const autoscalerDefaults: Readonly<Record<string, DefaultHook>> = {
  "autoscaling.v2.HorizontalPodAutoscaler": autoscaler,
  "autoscaling.v1.HorizontalPodAutoscaler": (autoscaler) =>
    fill(fillMap(autoscaler, "spec"), "minReplicas", 1),
};
