// Calls that are written out before they are checked (cel-go parser/macro.go), with the types of what is written.
import type { Checker } from "./check.ts";
import { type Expression, NotModelled } from "./parse.ts";
import { bool, type CelType, dyn, formatType, int, isDynamic, listOf, resolve, wrong } from "./types.ts";

type Call = Expression & { readonly kind: "call" };

/** How a macro is checked; undefined for a call that is none. */
export function macroOf(call: Call): ((checker: Checker) => CelType) | undefined {
  const { name, target, parameters } = call;
  if (!target) return name === "has" && parameters.length === 1 ? (checker) => has(checker, call) : undefined;
  const isCel = target.kind === "identifier" && target.name === "cel";
  if (isCel && name === "bind") return (checker) => bind(checker, parameters);
  // Of two variables, and of optional values: these are not looked into.
  if (
    /^(?:transform\w*|existsOne|optMap|optFlatMap)$/.test(name) ||
    (isLoop(name) && parameters.length > 2 && name !== "map")
  ) {
    throw new NotModelled();
  }
  const [variable] = parameters;
  if (!isLoop(name) || parameters.length < 2 || variable?.kind !== "identifier") return undefined;
  return (checker) => loop(checker, call, variable.name);
}

function isLoop(name: string): boolean {
  return /^(?:all|exists|exists_one|map|filter)$/.test(name);
}

/** `has(a.b)`: a select that is only asked for. It is complained about at the bracket of the macro. */
function has(checker: Checker, { parameters, offset }: Call): CelType {
  const [only] = parameters;
  if (only?.kind !== "select") throw new NotModelled();
  checker.select({ ...only, offset });
  return bool;
}

function bind(checker: Checker, parameters: readonly Expression[]): CelType {
  const [variable, value, result] = parameters;
  if (variable?.kind !== "identifier" || !value || !result) throw new NotModelled();
  const type = checker.typeOf(value);
  return checker.within([[variable.name, type]], () => checker.typeOf(result));
}

function loop(checker: Checker, { name, target, parameters, offset }: Call, variable: string): CelType {
  const range = target as Expression;
  const item = itemOf(checker, range);
  return checker.within([[variable, item]], () => {
    const last = parameters.at(-1) as Expression;
    const predicate = parameters[1] as Expression;
    if (name === "all" || name === "exists") {
      checker.expect(bool, checker.typeOf(predicate), predicate.offset);
      return bool;
    }
    const condition = name === "map" && parameters.length === 2 ? bool : checker.typeOf(predicate);
    if (name === "exists_one") {
      checker.overload("_?_:_", undefined, [condition, int, int], offset);
      return bool;
    }
    const result = listOf(name === "map" ? checker.typeOf(last) : item);
    const chosen = checker.overload("_?_:_", undefined, [condition, result, result], offset);
    return chosen === wrong ? dyn : result;
  });
}

/** The type of what a loop goes over: items of a list, keys of a map. */
function itemOf(checker: Checker, range: Expression): CelType {
  const type = resolve(checker.typeOf(range), checker.known);
  if (type.kind === "list" || type.kind === "map") return type.of[0] as CelType;
  if (type.kind === "parameter") checker.fits(dyn, type);
  if (type.kind === "parameter" || isDynamic(type)) return dyn;
  const cause = "cannot be range of a comprehension (must be list, map, or dynamic)";
  checker.complain(range.offset, `expression of type '${formatType(type)}' ${cause}`);
  return wrong;
}
