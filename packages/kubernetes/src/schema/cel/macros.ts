// Macros that the engine lacks or has too narrow: `has` on any expression, loops of two variables, and those over optional values.
import { type ASTNode, type Environment, Optional } from "@marcbachmann/cel-js";
import { compareCel } from "./lists.ts";

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
    for (const { name, type, fold, variables, filtered } of loops) {
      const asts = Array(variables + (filtered ? 2 : 1)).fill("ast");
      const signature = `${receiver}.${name}(${asts.join(", ")}): ${type}`;
      env.registerFunction(signature, comprehension({ name, type, fold, variables, filtered }));
    }
  }
  env.registerFunction("optional.optMap(ast, ast): optional", ifPresent(Optional.of));
  env.registerFunction(
    "optional.optFlatMap(ast, ast): optional",
    ifPresent((value) => value),
  );
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
type Fold = (entries: Entries, body: (entry: Entries[number]) => unknown) => unknown;

const all: Fold = (entries, body) => entries.every((entry) => body(entry) === true);
const exists: Fold = (entries, body) => entries.some((entry) => body(entry) === true);
const existsOne: Fold = (entries, body) => entries.filter((entry) => body(entry) === true).length === 1;
const transformList: Fold = (entries, body) => entries.map(body);
const transformMap: Fold = (entries, body) =>
  Object.fromEntries(entries.map((entry) => [String(entry[0]), body(entry)]));
const transformMapEntry: Fold = (entries, body) =>
  Object.fromEntries(
    entries.flatMap((entry) => entriesOf(body(entry)).map(([key, value]) => [String(key), value])),
  );
const sortBy: Fold = (entries, body) =>
  entries
    .map((entry) => [entry[1], body(entry)] as const)
    .sort(([, a], [, b]) => compareCel(a, b))
    .map(([item]) => item);

/** `receiver.name(variables, filter, body)`: of one variable the item or key, of two what finds it and it. */
interface Loop {
  readonly name: string;
  readonly type: string;
  readonly fold: Fold;
  readonly variables: 1 | 2;
  readonly filtered: boolean;
}

const loop = (name: string, type: string, fold: Fold, variables: 1 | 2, filtered = false): Loop => ({
  name,
  type,
  fold,
  variables,
  filtered,
});

const loops: readonly Loop[] = [
  loop("all", "bool", all, 2),
  loop("exists", "bool", exists, 2),
  loop("exists_one", "bool", existsOne, 2),
  loop("existsOne", "bool", existsOne, 2),
  loop("existsOne", "bool", existsOne, 1),
  loop("sortBy", "list", sortBy, 1),
  ...[false, true].flatMap((filtered) => [
    loop("transformList", "list", transformList, 2, filtered),
    loop("transformMap", "map", transformMap, 2, filtered),
    loop("transformMapEntry", "map", transformMapEntry, 2, filtered),
  ]),
];

function comprehension({ type, fold, variables, filtered }: Loop) {
  return ({ args, receiver }: MacroCall): Macro<{ contexts: Context[] }> => {
    const names = args.slice(0, variables).map(variableName);
    const body = args.at(-1) as ASTNode;
    const filter = filtered ? (args[variables] as ASTNode) : undefined;
    return {
      contexts: [],
      typeCheck(checker, macro, context) {
        checker.check(receiver, context);
        macro.contexts = [];
        for (const name of names) {
          macro.contexts.push(
            (macro.contexts.at(-1) ?? context).forkWithVariable(name, checker.getType("dyn")),
          );
        }
        const inner = macro.contexts.at(-1) as Context;
        if (filter) checker.check(filter, inner);
        checker.check(body, inner);
        return checker.getType(type);
      },
      evaluate(evaluator, { contexts }, context) {
        const range = evaluator.run(receiver, context);
        const run = (node: ASTNode) => (entry: Entries[number]) => {
          const values = variables === 2 ? entry : [entry[Array.isArray(range) ? 1 : 0]];
          let inner = context;
          for (const [index, own] of contexts.entries()) {
            inner = own.reuse(inner).setIterValue(values[index], evaluator);
          }
          return evaluator.run(node, inner);
        };
        const entries = entriesOf(range);
        const kept = filter ? entries.filter((entry) => run(filter)(entry) === true) : entries;
        return fold(kept, run(body));
      },
    };
  };
}

/** `optional.name(variable, body)`: what the body makes of the value, or none of none. */
function ifPresent(wrap: (value: unknown) => unknown) {
  return ({ args, receiver }: MacroCall): Macro<{ inner?: Context }> => {
    const [name, body] = [variableName(args[0]), args[1] as ASTNode];
    return {
      typeCheck(checker, macro, context) {
        checker.check(receiver, context);
        macro.inner = context.forkWithVariable(name, checker.getType("dyn"));
        checker.check(body, macro.inner);
        return checker.getType("optional");
      },
      evaluate(evaluator, macro, context) {
        const value = evaluator.run(receiver, context) as Optional;
        if (!value.hasValue()) return Optional.none();
        const inner = (macro.inner as Context).reuse(context).setIterValue(value.value(), evaluator);
        return wrap(evaluator.run(body, inner));
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
