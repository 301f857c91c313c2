// Writes what macros stand for (cel-go parser ExprHelper).
import type { Expression } from "./expression.ts";

/** The value that a loop changes, by a name that no expression can read. */
const accumulator = "@result";

/** Makes expressions that stand at the bracket of the macro. */
export class Writer {
  readonly offset: number;
  constructor(offset: number) {
    this.offset = offset;
  }

  bool(value: boolean): Expression {
    return { kind: "literal", type: "bool", text: String(value), offset: this.offset };
  }

  int(value: number): Expression {
    return { kind: "literal", type: "int", text: String(value), offset: this.offset };
  }

  name(name: string): Expression {
    return { kind: "identifier", name, offset: this.offset };
  }

  accumulated(): Expression {
    return this.name(accumulator);
  }

  call(name: string, ...parameters: Expression[]): Expression {
    return { kind: "call", name, target: undefined, parameters, offset: this.offset };
  }

  on(target: Expression, name: string, ...parameters: Expression[]): Expression {
    return { kind: "call", name, target, parameters, offset: this.offset };
  }

  list(...values: Expression[]): Expression {
    return { kind: "list", items: values.map((value) => ({ value, optional: false })), offset: this.offset };
  }

  map(): Expression {
    return { kind: "map", entries: [], offset: this.offset };
  }

  /** A loop over all, or with a condition until it fails. */
  loop(
    range: Expression,
    variables: readonly string[],
    parts: { initial: Expression; condition?: Expression; step: Expression; result?: Expression },
  ): Expression {
    const { initial, condition = this.bool(true), step, result = this.accumulated() } = parts;
    return {
      kind: "comprehension",
      range,
      variables,
      accumulator,
      initial,
      condition,
      step,
      result,
      offset: this.offset,
    };
  }

  /** A name for a value: a loop over nothing. */
  bind(name: string, initial: Expression, result: Expression): Expression {
    const [range, condition, step] = [this.list(), this.bool(false), this.name(name)];
    return {
      kind: "comprehension",
      range,
      variables: ["#unused"],
      accumulator: name,
      initial,
      condition,
      step,
      result,
      offset: this.offset,
    };
  }

  /** The step that is taken only where a filter lets it. */
  filtered(filter: Expression | undefined, step: Expression): Expression {
    return filter ? this.call("_?_:_", filter, step, this.accumulated()) : step;
  }
}
