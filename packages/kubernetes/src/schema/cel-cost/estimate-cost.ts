// What an expression may cost at most (cel-go checker/cost.go).
import type { Checked } from "../cel-check/check.ts";
import type { Comprehension, Expression, Item } from "../cel-check/expression.ts";
import type { Overload } from "../cel-check/functions.ts";
import { add, either, exactly, most, multiply, type Size, unknownSize } from "./amount.ts";
import type { Argument, CallCost } from "./call.ts";
import type { DeclaredSize } from "./declared-size.ts";
import { eitherEntries, KnownSizes } from "./known-sizes.ts";
import { libraryCost } from "./library-cost.ts";
import { append, pathOf } from "./path.ts";
import { standardCost, sum } from "./standard-cost.ts";

/**
 * The most that an expression can cost, in units of a simple operation, by the sizes that `self` and `oldSelf` may
 * have. 2^64 stands for no bound. The expression must have been checked without a complaint.
 */
export function estimateCost(root: Expression, checked: Checked, self: DeclaredSize): number {
  return new Estimator(checked, self).cost(root);
}

class Estimator {
  readonly checked: Checked;
  readonly known: KnownSizes;

  constructor(checked: Checked, self: DeclaredSize) {
    this.checked = checked;
    this.known = new KnownSizes(checked, self);
  }

  cost(expression: Expression): number {
    switch (expression.kind) {
      case "literal":
        return 0;
      case "identifier":
        return this.identifier(expression, expression.name);
      case "select":
        return this.select(expression);
      case "call":
        return this.call(expression);
      case "list":
        return this.list(expression, expression.items);
      case "map":
        return this.map(expression);
      case "message":
        return add(sum(expression.fields.map(({ value }) => this.cost(value))), 40);
      case "comprehension":
        return isBind(expression) ? this.bind(expression) : this.comprehension(expression);
    }
  }

  identifier(expression: Expression, name: string): number {
    this.known.paths.set(expression, this.known.local(name)?.path ?? pathOf(name));
    return 1;
  }

  select(expression: Expression & { kind: "select" }): number {
    const { operand, field } = expression;
    const name = this.checked.names.get(expression);
    if (name !== undefined) return this.identifier(expression, name);
    const cost = this.cost(operand);
    // That a field is asked for costs nothing.
    if (expression.test) return cost;
    if (expression.optional) {
      this.known.argument(operand);
      this.known.setSize(expression, this.known.sizeOf(expression));
      return add(cost, 1);
    }
    const { kind } = this.checked.typeOf(operand);
    this.known.paths.set(expression, append(this.known.pathOf(operand), field));
    return kind === "map" || kind === "object" ? add(cost, 1) : cost;
  }

  list(expression: Expression, items: readonly Item[]): number {
    const costs = items.map(({ value }) => this.cost(value));
    const value = this.sizeOfAny(items.map((item) => item.value));
    this.known.entries.set(expression, { kind: "list", key: exactly(1), value });
    return add(sum(costs), 10);
  }

  map(expression: Expression & { kind: "map" }): number {
    const { entries } = expression;
    const costs = entries.flatMap((entry) => [this.cost(entry.key), this.cost(entry.value)]);
    const key = this.sizeOfAny(entries.map((entry) => entry.key));
    const value = this.sizeOfAny(entries.map((entry) => entry.value));
    this.known.entries.set(expression, { kind: "map", key, value });
    return add(sum(costs), 30);
  }

  sizeOfAny(values: readonly Expression[]): Size {
    const none = values.length === 0 ? exactly(0) : { min: most, max: 0 };
    return values.reduce((size, value) => either(size, this.known.sizeOf(value) ?? unknownSize), none);
  }

  call(expression: Expression & { kind: "call" }): number {
    const overloads = this.checked.overloads.get(expression) ?? [];
    const { parameters } = expression;
    if (expression.name === "dyn") return this.asDyn(expression, parameters[0] as Expression);
    const costs: number[] = [];
    const given: Argument[] = [];
    for (const parameter of parameters) {
      costs.push(this.cost(parameter));
      given.push(this.known.argument(parameter));
    }
    const on = overloads[0]?.isMember ? expression.target : undefined;
    const before = on ? this.cost(on) : 0;
    const target = on && this.known.argument(on);
    let cost = 0;
    let size: Size | undefined;
    for (const overload of overloads) {
      const found = this.called(expression, overload, target, given, costs);
      cost = Math.max(cost, found.cost);
      if (found.size) size = size ? either(size, found.size) : found.size;
      size = this.indexed(expression, overload) ? this.known.entriesOf(parameters[0])?.value : size;
      size ??= this.known.sizeOf(expression);
    }
    this.known.setSize(expression, size);
    return add(before, cost);
  }

  asDyn(expression: Expression, value: Expression): number {
    const cost = this.cost(value);
    this.known.copySizes(expression, value);
    return add(cost, 1);
  }

  /** Follows the path into a list or map. */
  indexed(expression: Expression & { kind: "call" }, { name, signature }: Overload): boolean {
    if (name !== "_[_]") return false;
    const step = { "(list(A),int)A": "@items", "(map(A,B),A)B": "@values" }[signature];
    if (!step) return false;
    this.known.paths.set(expression, append(this.known.pathOf(expression.parameters[0] as Expression), step));
    return true;
  }

  called(
    expression: Expression & { kind: "call" },
    { name, signature }: Overload,
    target: Argument | undefined,
    parameters: readonly Argument[],
    costs: readonly number[],
  ): CallCost {
    const call = { name, signature, target, parameters };
    const [first = 0, second = 0, third = 0] = costs;
    if (name === "_&&_" || name === "_||_") return { cost: add(first, second) };
    const [, left, right] = expression.parameters;
    if (name === "_?_:_") {
      this.known.setEntries(
        expression,
        eitherEntries(this.known.entriesOf(left), this.known.entriesOf(right)),
      );
      const sizes = [parameters[1]?.size ?? unknownSize, parameters[2]?.size ?? unknownSize] as const;
      return { cost: add(first, Math.max(second, third)), size: either(...sizes) };
    }
    if (name === "_+_" && /^\((?:string|bytes|list)/.test(signature)) {
      const [a, b] = expression.parameters.map((each) => this.known.entriesOf(each));
      this.known.setEntries(expression, eitherEntries(a, b));
    }
    const found = libraryCost(call) ?? standardCost(call);
    return { ...found, cost: add(found.cost, sum(costs)) };
  }

  comprehension(expression: Expression & { kind: "comprehension" }): number {
    const { range, accumulator, initial, condition, step, result } = expression;
    const costs = [this.cost(range), this.cost(initial)];
    const named = this.known.rangeLocals(expression);
    this.known.push(accumulator, this.known.localOf(initial));
    for (const [name, local] of named) this.known.push(name, local);
    const each = add(this.cost(condition), this.cost(step));
    for (const [name] of named) this.known.pop(name);
    costs.push(this.cost(result));
    this.known.pop(accumulator);
    const size = this.known.sizeOf(range) ?? unknownSize;
    costs.push(multiply(size.max, each));
    if (initial.kind === "literal") this.known.setSize(expression, this.known.sizeOf(initial));
    if (initial.kind === "list" || initial.kind === "map") {
      this.known.setSize(expression, size);
      this.known.setEntries(expression, this.known.entriesOf(step));
    }
    return sum(costs);
  }

  bind(expression: Expression & { kind: "comprehension" }): number {
    const { accumulator, range, initial, result } = expression;
    const costs = [this.cost(range), this.cost(initial)];
    this.known.push(accumulator, this.known.localOf(initial));
    costs.push(this.cost(result));
    this.known.pop(accumulator);
    this.known.copySizes(expression, result);
    return sum(costs);
  }
}

function isBind({ range, condition, accumulator }: Comprehension): boolean {
  const isOver = condition.kind === "literal" && condition.text === "false";
  return range.kind === "list" && range.items.length === 0 && isOver && accumulator !== "__result__";
}
