// Label selectors as Kubernetes writes them: `a=b,c!=d,e in (f,g),h,!i` (apimachinery/pkg/labels).
import type { YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";

const keyPattern = "[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?";
const valuePattern = "[A-Za-z0-9]?[-A-Za-z0-9_.]*";
const setRequirement = new RegExp(`^(${keyPattern})\\s+(in|notin)\\s+\\(([^)]*)\\)$`);
const equality = new RegExp(`^(${keyPattern})\\s*(==|=|!=)\\s*(${valuePattern})$`);
const comparison = new RegExp(`^(${keyPattern})\\s*([<>])\\s*(-?[0-9]+)$`);
const existence = new RegExp(`^(!?)\\s*(${keyPattern})$`);

/** True when the labels satisfy every requirement; an empty selector matches all. */
export function matchesLabels(
  labels: ReadonlyMap<string, string>,
  selector: string,
  node: YamlNode | null = null,
): boolean {
  return splitRequirements(selector).every((requirement) => satisfies(labels, requirement, node));
}

function splitRequirements(selector: string): string[] {
  const requirements: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= selector.length; index++) {
    const character = selector[index];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === undefined || (character === "," && depth === 0)) {
      const requirement = selector.slice(start, index).trim();
      if (requirement !== "") requirements.push(requirement);
      start = index + 1;
    }
  }
  return requirements;
}

function satisfies(labels: ReadonlyMap<string, string>, requirement: string, node: YamlNode | null): boolean {
  const set = setRequirement.exec(requirement);
  if (set) {
    const value = labels.get(set[1] as string);
    const listed = value !== undefined && (set[4] as string).split(",").some((item) => item.trim() === value);
    return set[3] === "in" ? listed : !listed;
  }
  const equal = equality.exec(requirement);
  if (equal) {
    const same = labels.get(equal[1] as string) === equal[4];
    return equal[3] === "!=" ? !same : same;
  }
  const compared = comparison.exec(requirement);
  if (compared) {
    const value = labels.get(compared[1] as string);
    if (value === undefined || !/^-?[0-9]+$/.test(value)) return false;
    return compared[3] === "<" ? Number(value) < Number(compared[4]) : Number(value) > Number(compared[4]);
  }
  const exists = existence.exec(requirement);
  if (exists) return labels.has(exists[2] as string) !== (exists[1] === "!");
  throw failure("wrong-selector", `unable to parse the selector requirement ${requirement}`, { node });
}
