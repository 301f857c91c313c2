// Label selectors as objects (meta/v1 LabelSelector); in their text form they are the server's business.
import { matchesRequirements } from "@slipway/kubernetes";
import type { LabelSelector, Requirement, StringMap } from "./kinds/meta.ts";

type Operator = Parameters<typeof matchesRequirements>[0][number]["operator"];

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
  return matchesRequirements([{ key, operator: operator as Operator, values }], labels);
}
