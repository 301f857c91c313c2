import type { Json } from "@slipway/yaml";
import { labelsAt, mapsAt, textAt, textsAt } from "./fields.ts";

type Labels = Readonly<Record<string, string>>;

/** True when `labels` has every pair of `wanted`. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  for (const key in wanted) if (labels[key] !== wanted[key]) return false;
  return true;
}

/**
 * A `LabelSelector` (meta/v1): both parts must hold, an absent or empty selector matches everything. `NotIn`
 * holds for a label that is not there.
 */
export function matchesSelector(selector: Json | undefined, labels: Labels): boolean {
  if (!hasLabels(labels, labelsAt(selector, "matchLabels"))) return false;
  return mapsAt(selector, "matchExpressions").every((expression) => {
    const label = labels[textAt(expression, "key") ?? ""];
    const values = textsAt(expression, "values");
    switch (textAt(expression, "operator")) {
      case "In":
        return label !== undefined && values.includes(label);
      case "NotIn":
        return label === undefined || !values.includes(label);
      case "Exists":
        return label !== undefined;
      case "DoesNotExist":
        return label === undefined;
      default:
        return false;
    }
  });
}
