// What may change of a Pod for as long as gates keep it from being scheduled (kubernetes pkg/apis/core/validation
// ValidatePodUpdate).
import { equalJson, type FieldError } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../../admission/read-json.ts";
import { invalidValue } from "../../field-error.ts";
import { showSelectorTerm } from "./pod-placement.ts";

/**
 * What is wrong with where the spec of a gated pod now wants to run, and the spec with what may have changed of that
 * as it was before. A pod without gates comes back as it is. `sent` is the spec with its empty lists, which are told.
 */
export function adaptGated(
  spec: JsonObject,
  old: JsonObject,
  sent: JsonObject,
): { readonly spec: JsonObject; readonly errors: readonly FieldError[] } {
  if (objectsAt(old, "schedulingGates").length === 0) return { spec, errors: [] };
  const { nodeSelector: _, affinity, ...others } = spec;
  const before = objectAt(old, "affinity").nodeAffinity;
  const kept = keepNodeAffinity(affinity, old.affinity, before);
  return {
    spec: {
      ...others,
      ...(old.nodeSelector === undefined ? {} : { nodeSelector: old.nodeSelector }),
      ...(kept === undefined ? {} : { affinity: kept }),
    },
    errors: [
      ...validateAddedLabels(objectAt(spec, "nodeSelector"), objectAt(old, "nodeSelector")),
      ...validateAddedTerms(objectAt(sent, "affinity").nodeAffinity, before),
    ],
  };
}

/** The affinity of now to pods, and that of before to nodes. */
function keepNodeAffinity(now: Json | undefined, old: Json | undefined, toNodes: Json | undefined) {
  if (equalJson(objectAt(now).nodeAffinity ?? null, toNodes ?? null)) return now;
  const { nodeAffinity: _, ...toPods } = objectAt(now);
  if (toNodes !== undefined) return { ...toPods, nodeAffinity: toNodes };
  return old === undefined && Object.keys(toPods).length === 0 ? undefined : toPods;
}

function validateAddedLabels(now: JsonObject, before: JsonObject): FieldError[] {
  if (Object.entries(before).every(([key, value]) => now[key] === value)) return [];
  const shown = Object.keys(now).length > 0 ? now : null;
  const detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return [invalidValue("spec.nodeSelector", shown, detail)];
}

function validateAddedTerms(now: Json | undefined, before: Json | undefined): FieldError[] {
  const path = "requiredDuringSchedulingIgnoredDuringExecution";
  const [terms, old] = [now, before].map((one) => objectsAt(one, path, "nodeSelectorTerms"));
  if (!terms || !old || old.length === 0) return [];
  const place = `spec.affinity.nodeAffinity.${path}.nodeSelectorTerms`;
  if (terms.length !== old.length) {
    const isSaid = Array.isArray(objectAt(now, path).nodeSelectorTerms);
    const shown = isSaid ? terms.map(showSelectorTerm) : null;
    const detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalidValue(place, shown, detail)];
  }
  return terms.flatMap((term, index) => {
    if (hasOnlyMore(term, old[index] ?? {})) return [];
    const detail = "only additions are allowed (no mutations or deletions)";
    return [invalidValue(`${place}[${index}]`, showSelectorTerm(term), detail)];
  });
}

/** Whether a term begins with what it was before; one that chose nothing goes on doing so. */
function hasOnlyMore(term: JsonObject, old: JsonObject): boolean {
  const lists = ["matchExpressions", "matchFields"].map((list) => ({
    now: objectsAt(term, list),
    before: objectsAt(old, list),
  }));
  if (lists.every(({ before }) => before.length === 0)) return lists.every(({ now }) => now.length === 0);
  return lists.every(({ now, before }) => equalJson(now.slice(0, before.length), before));
}
