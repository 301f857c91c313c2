import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

type Labels = Readonly<Record<string, string>>;

/** One requirement on labels (or fields): the parsed form of either notation. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  readonly values: readonly string[];
}

/**
 * Parses a selector in the API's query notation: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`
 * (k8s.io/apimachinery/pkg/labels). Throws an Error that names the part it could not read.
 */
export function parseSelector(text: string): Requirement[] {
  return splitParts(text).map(parsePart);
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

/** Commas separate requirements, except between parentheses. */
function splitParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === undefined || (character === "," && depth === 0)) {
      const part = text.slice(start, at).trim();
      if (part !== "") parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

function parsePart(part: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set?.[1]) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return { key: set[1], operator: set[2] === "in" ? "In" : "NotIn", values };
  }
  const compared = /^([^\s=!<>()]+)\s*(==|=|!=|>|<)\s*([^\s=!<>()]*)$/.exec(part);
  if (compared?.[1]) {
    const operators = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt" } as const;
    const operator = operators[compared[2] as keyof typeof operators];
    return { key: compared[1], operator, values: [compared[3] ?? ""] };
  }
  const present = /^(!?)\s*([^\s=!<>()]+)$/.exec(part);
  if (present?.[2]) return { key: present[2], operator: present[1] ? "DoesNotExist" : "Exists", values: [] };
  throw new Error(`unable to parse requirement: ${JSON.stringify(part)}`);
}

function asList(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
