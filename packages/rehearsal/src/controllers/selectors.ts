// Label selectors as objects (meta/v1 LabelSelector); in their text form they are the server's business.
import type { LabelSelector, Requirement, StringMap } from "./kinds/meta.ts";

/** Whether labels fulfil a selector. An absent selector selects nothing, an empty one everything. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: StringMap | undefined = {},
): boolean {
  if (selector === undefined) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  return (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

/** Whether labels fulfil one requirement; `Gt` and `Lt` are those of node selectors. */
export function meets({ key, operator, values = [] }: Requirement, labels: StringMap): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return value !== undefined && Number(value) > Number(values[0]);
    case "Lt":
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}
