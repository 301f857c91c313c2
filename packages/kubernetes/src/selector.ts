import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

type Labels = Readonly<Record<string, string>>;

/** One requirement on labels (or fields): the parsed form of either notation. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/** The requirements of a `meta/v1.LabelSelector`. An absent selector matches nothing, an empty one everything. */
export function selectorRequirements(selector: JsonObject): Requirement[] {
  const requirements: Requirement[] = [];
  if (isJsonObject(selector.matchLabels)) {
    for (const [key, value] of Object.entries(selector.matchLabels)) {
      requirements.push({ key, operator: "In", values: [String(value)] });
    }
  }
  for (const expression of asList(selector.matchExpressions)) {
    if (!isJsonObject(expression)) continue;
    requirements.push({
      key: String(expression.key),
      operator: String(expression.operator) as Requirement["operator"],
      values: asList(expression.values).map(String),
    });
  }
  return requirements;
}

/** True when the labels meet all requirements. `NotIn` and `!=` also hold of a label that is absent. */
export function matchesRequirements(requirements: readonly Requirement[], labels: Labels = {}): boolean {
  return requirements.every(({ key, operator, values }) => {
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
  });
}

/** Matches labels against a `meta/v1.LabelSelector`; absent selects nothing, `{}` everything. */
export function matchesLabelSelector(selector: Json | undefined, labels: Labels = {}): boolean {
  return isJsonObject(selector) && matchesRequirements(selectorRequirements(selector), labels);
}

function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
