// Macros that the engine lacks or has too narrow: `has` on any expression, and the two-variable comprehensions.
import { type ASTNode, type Environment, Optional } from "@marcbachmann/cel-js";

/** What the engine hands to a macro (its `registerFunction` with `ast` parameters); not part of its types. */
interface Checker {
  check(node: ASTNode, context: Context): unknown;
  getType(name: string): unknown;
}
interface Context {
  forkWithVariable(name: string, type: unknown): Context;
  reuse(parent: Context): Context;
  setIterValue(value: unknown, evaluator: Evaluator): Context;
}
interface Evaluator {
  run(node: ASTNode, context: Context): unknown;
}
interface MacroCall {
  readonly args: ASTNode[];
  readonly receiver: ASTNode;
}
type Macro<T> = T & {
  typeCheck(checker: Checker, macro: Macro<T>, context: Context): unknown;
  evaluate(evaluator: Evaluator, macro: Macro<T>, context: Context): unknown;
};

/** The name under which `has` is registered: the engine's own takes only plain paths (`has(a.b)`, not `has(a[0].b)`). */
export const hasMacro = "hasField";

/** Registers the macros. */
export function registerMacros(env: Environment): void {
  env.registerFunction(`${hasMacro}(ast): bool`, createHas);
  for (const receiver of ["list", "map"]) {
    const forms = { all: all, exists: exists, existsOne: existsOne, exists_one: existsOne };
    for (const [name, fold] of Object.entries(forms)) {
      env.registerFunction(`${receiver}.${name}(ast, ast, ast): bool`, comprehension("bool", fold));
    }
    env.registerFunction(
      `${receiver}.transformList(ast, ast, ast): list`,
      comprehension("list", transformList),
    );
    env.registerFunction(`${receiver}.transformMap(ast, ast, ast): map`, comprehension("map", transformMap));
  }
}

function createHas({ args }: MacroCall): Macro<{ readonly node: ASTNode }> {
  const node = args[0] as ASTNode;
  if (node.op !== "." && node.op !== ".?") throw new Error("invalid argument to has() macro");
  const [object, key] = node.args;
  return {
    node,
    typeCheck(checker, _macro, context) {
      checker.check(object, context);
      return checker.getType("bool");
    },
    evaluate(evaluator, _macro, context) {
      let value = evaluator.run(object, context);
      if (value instanceof Optional) value = value.hasValue() ? value.value() : undefined;
      if (value instanceof Map) return value.has(key);
      return (
        typeof value === "object" && value !== null && (value as Record<string, unknown>)[key] !== undefined
      );
    },
  };
}

type Entries = [key: unknown, value: unknown][];
type Fold = (entries: Entries, body: (key: unknown, value: unknown) => unknown) => unknown;

const all: Fold = (entries, body) => entries.every(([key, value]) => body(key, value) === true);
const exists: Fold = (entries, body) => entries.some(([key, value]) => body(key, value) === true);
const existsOne: Fold = (entries, body) =>
  entries.filter(([key, value]) => body(key, value) === true).length === 1;
const transformList: Fold = (entries, body) => entries.map(([key, value]) => body(key, value));
const transformMap: Fold = (entries, body) =>
  Object.fromEntries(entries.map(([key, value]) => [String(key), body(key, value)]));

/** `receiver.name(key, value, expression)`: the index and item of a list, the key and value of a map. */
function comprehension(type: string, fold: Fold) {
  return ({ args, receiver }: MacroCall): Macro<{ inner?: Context; outer?: Context }> => {
    const [keyName, valueName] = [variableName(args[0]), variableName(args[1])];
    const body = args[2] as ASTNode;
    return {
      typeCheck(checker, macro, context) {
        checker.check(receiver, context);
        macro.outer = context.forkWithVariable(keyName, checker.getType("dyn"));
        macro.inner = macro.outer.forkWithVariable(valueName, checker.getType("dyn"));
        checker.check(body, macro.inner);
        return checker.getType(type);
      },
      evaluate(evaluator, macro, context) {
        const { outer, inner } = macro as { outer: Context; inner: Context };
        return fold(entriesOf(evaluator.run(receiver, context)), (key, value) => {
          const keyed = outer.reuse(context).setIterValue(key, evaluator);
          return evaluator.run(body, inner.reuse(keyed).setIterValue(value, evaluator));
        });
      },
    };
  };
}

function entriesOf(value: unknown): Entries {
  if (Array.isArray(value)) return value.map((item, index) => [BigInt(index), item]);
  return value instanceof Map ? [...value] : Object.entries(value as Record<string, unknown>);
}

function variableName(node: ASTNode | undefined): string {
  if (node?.op === "id") return node.args;
  throw new Error("invalid iteration variable");
}
