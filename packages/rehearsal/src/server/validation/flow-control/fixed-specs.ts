import { equalJson, type KubernetesObject } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";
import { defaultFlowControl } from "../../bootstrap/flow-control.ts";

/** The spec that a flow schema or priority level of every cluster has; undefined for all others. */
export function fixedSpecOf({ kind, metadata }: KubernetesObject): Json | undefined {
  return defaultFlowControl("").find((one) => one.kind === kind && one.metadata.name === metadata.name)?.spec;
}

/** Whether the object has the spec that it must have for ever. */
export function hasFixedSpec(object: KubernetesObject): boolean {
  return equalJson(fixedSpecOf(object), object.spec);
}
