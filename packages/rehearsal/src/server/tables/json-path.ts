// The part of JSONPath that printer columns use (client-go util/jsonpath): fields, indices, wildcards, filters.
import { isJsonObject, type Json } from "@slipway/yaml";

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "all" }
  | {
      readonly kind: "filter";
      readonly path: readonly Step[];
      readonly operator: string;
      readonly value: Json;
    };

const parsed = new Map<string, readonly Step[] | undefined>();

/** The values under a path such as `.status.conditions[?(@.type=='Ready')].status`; none when it leads nowhere. */
export function readJsonPath(value: Json, path: string): Json[] {
  if (!parsed.has(path)) parsed.set(path, parsePath(path));
  const steps = parsed.get(path);
  return steps ? follow([value], steps) : [];
}

function follow(values: readonly Json[], steps: readonly Step[]): Json[] {
  return steps
    .reduce<readonly Json[]>((found, step) => found.flatMap((value) => take(value, step)), values)
    .slice();
}

function take(value: Json, step: Step): Json[] {
  switch (step.kind) {
    case "field": {
      const found = isJsonObject(value) ? value[step.name] : undefined;
      return found === undefined ? [] : [found];
    }
    case "index": {
      const found = Array.isArray(value) ? value.at(step.index) : undefined;
      return found === undefined ? [] : [found];
    }
    case "all":
      if (Array.isArray(value)) return value;
      return isJsonObject(value) ? Object.values(value).filter((item) => item !== undefined) : [];
    default:
      return Array.isArray(value) ? value.filter((item) => passes(item, step)) : [];
  }
}

function passes(item: Json, filter: Extract<Step, { kind: "filter" }>): boolean {
  const [found] = follow([item], filter.path);
  if (filter.operator === "") return found !== undefined;
  if (found === undefined) return false;
  switch (filter.operator) {
    case "==":
      return found === filter.value;
    case "!=":
      return found !== filter.value;
    default:
      return compare(found, filter.operator, filter.value);
  }
}

function compare(left: Json, operator: string, right: Json): boolean {
  if (typeof left !== typeof right || left === null || right === null) return false;
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  return operator === "<=" ? left <= right : left >= right;
}

/** Undefined when the text is no path that this reader knows. */
function parsePath(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = text
    .trim()
    .replace(/^\{|\}$/g, "")
    .replace(/^\$/, "");
  while (rest !== "") {
    const match =
      /^\.?\[\?\(\s*@((?:\.[\w-]+|\['[^']*'\])+)\s*(?:(==|!=|<=|>=|<|>)\s*('[^']*'|"[^"]*"|[\w.+-]+)\s*)?\)\]/.exec(
        rest,
      ) ??
      /^\.?\[(\*|-?\d+)\]/.exec(rest) ??
      /^\.?\['((?:[^'\\]|\\.)*)'\]/.exec(rest) ??
      /^\.(\*|(?:[^.[\\]|\\.)+)/.exec(rest);
    if (!match) return undefined;
    steps.push(toStep(match));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function toStep(match: RegExpExecArray): Step {
  const [whole, first = "", operator, value] = match;
  if (whole.includes("[?(")) {
    return {
      kind: "filter",
      path: parsePath(first) ?? [],
      operator: operator ?? "",
      value: parseLiteral(value),
    };
  }
  if (first === "*") return { kind: "all" };
  if (/^\.?\[-?\d+\]$/.test(whole)) return { kind: "index", index: Number(first) };
  return { kind: "field", name: first.replace(/\\(.)/g, "$1") };
}

function parseLiteral(text: string | undefined): Json {
  if (text === undefined) return null;
  if (/^['"]/.test(text)) return text.slice(1, -1);
  if (text === "true" || text === "false") return text === "true";
  return Number.isNaN(Number(text)) ? text : Number(text);
}
