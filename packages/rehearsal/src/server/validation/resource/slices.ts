// Devices that a driver offers (kubernetes pkg/apis/resource/validation validateResourceSliceSpec).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue } from "../../field-error.ts";
import { showSelectorTerm } from "../pods/pod-placement.ts";
import { validateDriverName } from "../pods/volume-sources.ts";
import type { Validator } from "../validator.ts";
import { validatePoolName } from "./device-names.ts";
import { readPlace, validateCounters, validateDevice } from "./devices.ts";
import { validateSet } from "./lists.ts";

function validateSlice({ spec }: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const held = objectAt(spec);
  const devices = objectsAt(held, "devices");
  const nameOf = (one: JsonObject) => textAt(one, "name") ?? "";
  const advanced = devices.some(({ taints, consumesCounters }) => taints ?? consumesCounters);
  return [
    ...validateDriverName(textAt(held, "driver"), "spec.driver"),
    ...validatePool(objectAt(held, "pool")),
    ...(old ? keepsPlace(held, old) : []),
    ...validatePlace(held),
    ...(held.sharedCounters !== undefined && held.devices !== undefined
      ? [invalidValue("spec", "", "only one of `sharedCounters` or `devices` is allowed")]
      : []),
    ...validateSet(
      devices,
      "spec.devices",
      advanced ? 64 : 128,
      (device, at) => validateDevice(device, at, held.perDeviceNodeSelection === true),
      nameOf,
    ),
    ...validateSet(
      objectsAt(held, "sharedCounters"),
      "spec.sharedCounters",
      8,
      (counters, at) => validateCounters(counters, "name", at),
      nameOf,
    ),
  ];
}

function validatePool(pool: JsonObject): FieldError[] {
  const [count, generation] = [numberAt(pool, "resourceSliceCount") ?? 0, numberAt(pool, "generation") ?? 0];
  return [
    ...validatePoolName(textAt(pool, "name") ?? "", "spec.pool.name"),
    ...(count > 0 ? [] : [invalidValue("spec.pool.resourceSliceCount", count, "must be greater than zero")]),
    ...(generation >= 0
      ? []
      : [invalidValue("spec.pool.generation", generation, "must be greater than or equal to zero")]),
  ];
}

function keepsPlace(spec: JsonObject, { spec: before }: KubernetesObject): FieldError[] {
  return [["pool", "name"], ["driver"], ["nodeName"]].flatMap((path) => {
    const now = valueAt(spec, ...path);
    if ((now ?? null) === (valueAt(before, ...path) ?? null)) return [];
    return [invalidValue(`spec.${path.join(".")}`, now ?? null, "field is immutable")];
  });
}

/** A slice is on one node, on nodes of some kind, on all, or leaves that to its devices. */
function validatePlace(spec: JsonObject): FieldError[] {
  const { said, errors } = readPlace(spec, "spec", "must be either unset or set to a non-empty string");
  const terms = objectsAt(spec, "nodeSelector", "nodeSelectorTerms");
  const place = errors.findIndex(({ field }) => field === "spec.allNodes");
  if (isJsonObject(spec.nodeSelector) && terms.length !== 1) {
    const isList = Array.isArray(spec.nodeSelector.nodeSelectorTerms);
    const shown = isList ? terms.map(showSelectorTerm) : null;
    const detail = "must have exactly one node selector term";
    const wrong = invalidValue("spec.nodeSelector.nodeSelectorTerms", shown, detail);
    errors.splice(place < 0 ? errors.length : place, 0, wrong);
  }
  if (spec.perDeviceNodeSelection === true) said.push("`perDeviceNodeSelection`");
  if (spec.perDeviceNodeSelection === false) {
    errors.push(invalidValue("spec.perDeviceNodeSelection", false, "must be either unset or set to true"));
  }
  const detail =
    "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  if (said.length === 0) errors.push(requiredValue("spec", detail));
  if (said.length > 1) {
    errors.push(invalidValue("spec", `{${said.join(", ")}}`, `${detail}, but multiple fields are set`));
  }
  return errors;
}

/** By collection. */
export const sliceValidators: Readonly<Record<string, Validator>> = {
  "resource.k8s.io/resourceslices": { validate: validateSlice },
};
