// Calls that are written out as other expressions when they are read (cel-go parser/macro.go, cel/library.go,
// ext/comprehensions.go, ext/lists.go).
import type { Expression } from "./expression.ts";
import type { Issue } from "./issue.ts";
import { Writer } from "./macro-writer.ts";

/** What a macro is called with. */
interface Use {
  /** Undefined for `has`, which is called on nothing. */
  readonly target: Expression;
  readonly parameters: readonly Expression[];
  readonly write: Writer;
}

type Macro = (use: Use) => Expression;

class MacroIssue extends Error {
  readonly issue: Issue;
  constructor({ offset }: Expression, text: string) {
    super(text);
    this.issue = { offset, text };
  }
}

/** What a call stands for; undefined for one that is no macro. */
export function expandMacro(call: Expression & { kind: "call" }): Expression | Issue | undefined {
  const { name, target, parameters, offset } = call;
  const key = `${target ? "." : ""}${name}/${parameters.length}`;
  const macro = Object.hasOwn(macros, key) ? macros[key] : undefined;
  if (!macro) return undefined;
  try {
    return macro({ target: target ?? call, parameters, write: new Writer(offset) });
  } catch (error) {
    if (error instanceof MacroIssue) return error.issue;
    throw error;
  }
}

const all = (names: number): Macro =>
  quantifier(names, (predicate, write) => ({
    initial: write.bool(true),
    condition: write.call("@not_strictly_false", write.accumulated()),
    step: write.call("_&&_", write.accumulated(), predicate),
  }));

const exists = (names: number): Macro =>
  quantifier(names, (predicate, write) => ({
    initial: write.bool(false),
    condition: write.call("@not_strictly_false", write.call("!_", write.accumulated())),
    step: write.call("_||_", write.accumulated(), predicate),
  }));

const existsOne = (names: number): Macro =>
  quantifier(names, (predicate, write) => ({
    initial: write.int(0),
    step: write.filtered(predicate, write.call("_+_", write.accumulated(), write.int(1))),
    result: write.call("_==_", write.accumulated(), write.int(1)),
  }));

function quantifier(
  names: number,
  parts: (predicate: Expression, write: Writer) => Parameters<Writer["loop"]>[2],
): Macro {
  return ({ target, parameters, write }) => {
    const variables = variablesOf(parameters.slice(0, names), "argument must be a simple name");
    return write.loop(target, variables, parts(parameters[names] as Expression, write));
  };
}

const map: Macro = ({ target, parameters, write }) => {
  const variables = variablesOf(parameters.slice(0, 1), "argument is not an identifier");
  const [filter, value] = parameters.length === 3 ? parameters.slice(1) : [undefined, parameters[1]];
  const step = write.call("_+_", write.accumulated(), write.list(value as Expression));
  return write.loop(target, variables, { initial: write.list(), step: write.filtered(filter, step) });
};

const filter: Macro = ({ target, parameters, write }) => {
  const variables = variablesOf(parameters.slice(0, 1), "argument is not an identifier");
  const step = write.call("_+_", write.accumulated(), write.list(parameters[0] as Expression));
  return write.loop(target, variables, { initial: write.list(), step: write.filtered(parameters[1], step) });
};

/** transformList, transformMap and transformMapEntry: with a filter before the value, or without. */
function transform(
  initial: "list" | "map",
  add: (write: Writer, key: string, value: Expression) => Expression,
) {
  return ({ target, parameters, write }: Use): Expression => {
    const variables = variablesOf(parameters.slice(0, 2), "argument must be a simple name");
    const filter = parameters.length === 4 ? parameters[2] : undefined;
    const step = add(write, variables[0] as string, parameters.at(-1) as Expression);
    return write.loop(target, variables, { initial: write[initial](), step: write.filtered(filter, step) });
  };
}

const transformList = transform("list", (write, _key, value) =>
  write.call("_+_", write.accumulated(), write.list(value)),
);
const transformMap = transform("map", (write, key, value) =>
  write.call("cel.@mapInsert", write.accumulated(), write.name(key), value),
);
const transformMapEntry = transform("map", (write, _key, value) =>
  write.call("cel.@mapInsert", write.accumulated(), value),
);

function optional(name: string, wrap: (write: Writer, value: Expression) => Expression): Macro {
  return ({ target, parameters, write }) => {
    const [variable, result] = parameters as [Expression, Expression];
    if (variable.kind !== "identifier") {
      throw new MacroIssue(variable, `${name}() variable name must be a simple identifier`);
    }
    const value = write.on(structuredClone(target), "value");
    return write.call(
      "_?_:_",
      write.on(target, "hasValue"),
      wrap(write, write.bind(variable.name, value, result)),
      write.call("optional.none"),
    );
  };
}

const sortBy: Macro = ({ target, parameters, write }) => {
  if (target.kind === "literal" || target.kind === "map") {
    const kinds = "a list, identifier, comprehension, call or select expression";
    throw new MacroIssue(target, `sortBy can only be applied to ${kinds}`);
  }
  const input = "@__sortBy_input__";
  const keys = map({ target: write.name(input), parameters, write });
  return write.bind(input, target, write.on(write.name(input), "@sortByAssociatedKeys", keys));
};

const has: Macro = ({ parameters, write }) => {
  const [only] = parameters as [Expression];
  if (only.kind !== "select" || only.optional) {
    throw new MacroIssue(only, "invalid argument to has() macro");
  }
  return { ...only, test: true, offset: write.offset };
};

function variablesOf(parameters: readonly Expression[], otherwise: string): string[] {
  const names = parameters.map((parameter) => {
    if (parameter.kind !== "identifier") throw new MacroIssue(parameter, otherwise);
    return parameter.name;
  });
  const [first, second] = names;
  if (names.length > 1 && first === second) {
    throw new MacroIssue(parameters[1] as Expression, `duplicate variable name: ${first}`);
  }
  for (const [index, name] of names.entries()) {
    if (name !== "__result__") continue;
    const text = "iteration variable overwrites accumulator variable";
    throw new MacroIssue(parameters[index] as Expression, text);
  }
  return names;
}

/** By name and how many parameters; a dot for those that are called on something. */
const macros: Readonly<Record<string, Macro>> = {
  "has/1": has,
  ".all/2": all(1),
  ".all/3": all(2),
  ".exists/2": exists(1),
  ".exists/3": exists(2),
  ".exists_one/2": existsOne(1),
  ".exists_one/3": existsOne(2),
  ".existsOne/2": existsOne(1),
  ".existsOne/3": existsOne(2),
  ".map/2": map,
  ".map/3": map,
  ".filter/2": filter,
  ".transformList/3": transformList,
  ".transformList/4": transformList,
  ".transformMap/3": transformMap,
  ".transformMap/4": transformMap,
  ".transformMapEntry/3": transformMapEntry,
  ".transformMapEntry/4": transformMapEntry,
  ".optMap/2": optional("optMap", (write, value) => write.call("optional.of", value)),
  ".optFlatMap/2": optional("optFlatMap", (_write, value) => value),
  ".sortBy/2": sortBy,
};
