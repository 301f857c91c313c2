// On which nodes a PersistentVolume is (kubernetes pkg/apis/core/validation validatePvNodeAffinity).
import { equalJson, type FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue } from "../../field-error.ts";
import { showAffinity } from "./show-volume.ts";

/** Labels of nodes by those that they were before. */
const successors: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
};

/** The nodes of a volume stay the same; a label may be called by its newer name. Where none were said, any may be. */
export function validateAffinityUpdate(now: Json | undefined, old: Json | undefined): FieldError[] {
  if (!isJsonObject(old) || equalJson(now ?? null, isJsonObject(now) ? renewed(old, now) : old)) return [];
  const detail = "field is immutable, except for updating from beta label to GA";
  return [invalidValue("nodeAffinity", showAffinity(now), detail)];
}

/** The old terms, with the newer names of labels where the new ones have them in the same place. */
function renewed(old: JsonObject, now: JsonObject): JsonObject {
  if (!isJsonObject(old.required)) return old;
  const path = ["required", "nodeSelectorTerms"];
  const terms = objectsAt(now, ...path);
  const nodeSelectorTerms = objectsAt(old, ...path).map((term, index): JsonObject => {
    const renew = (field: string): JsonObject => {
      if (!Array.isArray(term[field])) return {};
      const others = objectsAt(terms[index], field);
      return { [field]: objectsAt(term, field).map((one, place) => renewRequirement(one, others[place])) };
    };
    return { ...term, ...renew("matchExpressions"), ...renew("matchFields") };
  });
  return { ...old, required: { ...old.required, nodeSelectorTerms } };
}

function renewRequirement(old: JsonObject, now: JsonObject | undefined): JsonObject {
  const key = successors[textAt(old, "key") ?? ""];
  return key !== undefined && key === textAt(now, "key") ? { ...old, key } : old;
}
