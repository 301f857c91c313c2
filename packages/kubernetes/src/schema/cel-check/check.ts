// Finds the type of an expression, and what does not go together in it (cel-go checker/checker.go).

import { escapeName } from "../cel/value.ts";
import { type Comprehension, type Entry, type Expression, type Item, qualifiedName } from "./expression.ts";
import { type Overload, overloadsOf } from "./functions.ts";
import type { Issue } from "./issue.ts";
import { checkMessage } from "./messages.ts";
import { typeOfName } from "./type-names.ts";
import {
  assign,
  bool,
  type CelType,
  dyn,
  formatType,
  int,
  isDynamic,
  isSame,
  listOf,
  mapOf,
  mostGeneral,
  nothing,
  optionalOf,
  parameter,
  resolve,
  type Substitutions,
  simpleType,
  text,
  wrong,
} from "./types.ts";

/** What a check finds. */
export interface Checked {
  readonly type: CelType;
  readonly issues: readonly Issue[];
  /** The type of a part, parameters replaced. */
  readonly typeOf: (part: Expression) => CelType;
  /** What each call may mean; the types of its arguments leave open which. */
  readonly overloads: ReadonlyMap<Expression, readonly Overload[]>;
  /** Selects that are not made, as all of `a.b` is one name. */
  readonly names: ReadonlyMap<Expression, string>;
  /** The variables that are read. */
  readonly reads: ReadonlySet<string>;
}

/** Checks an expression over these variables. */
export function check(root: Expression, variables: ReadonlyMap<string, CelType>): Checked {
  const checker = new Checker(variables);
  const type = resolve(checker.typeOf(root), checker.known, true);
  if (checker.issues.length === 0) for (const look of checker.afterwards) look();
  const { issues, reads, overloads, names } = checker;
  const typeOf = (part: Expression) => resolve(checker.types.get(part) ?? dyn, checker.known, true);
  return { type, issues, typeOf, overloads, names, reads };
}

/** The walk through an expression. */
export class Checker {
  readonly issues: Issue[] = [];
  readonly types = new Map<Expression, CelType>();
  readonly overloads = new Map<Expression, readonly Overload[]>();
  readonly names = new Map<Expression, string>();
  readonly reads = new Set<string>();
  known: Substitutions = new Map();
  scopes: ReadonlyMap<string, CelType>[];
  /** What is looked at once all else goes together (cel validator.go). */
  readonly afterwards: (() => void)[] = [];
  /** Whether literals may have items of several types, as what a text is formatted with. */
  mayMix = false;

  constructor(variables: ReadonlyMap<string, CelType>) {
    this.scopes = [variables];
  }

  typeOf(expression: Expression): CelType {
    const type = this.find(expression);
    this.types.set(expression, type);
    return type;
  }

  find(expression: Expression): CelType {
    switch (expression.kind) {
      case "literal":
        return expression.type === "null"
          ? nothing
          : expression.type === "int"
            ? int
            : expression.type === "bool"
              ? bool
              : expression.type === "string"
                ? text
                : simpleType(expression.type);
      case "identifier":
        return this.identifier(expression.name, expression.offset);
      case "select":
        return this.select(expression);
      case "list":
        return this.list(expression.items);
      case "map":
        return this.map(expression.entries);
      case "message":
        return checkMessage(this, expression);
      case "call":
        return this.call(expression);
      case "comprehension":
        return this.comprehension(expression);
    }
  }

  /** What is read with more variables in sight. */
  within<T>(variables: Iterable<readonly [string, CelType]>, read: () => T): T {
    this.scopes.push(new Map(variables));
    try {
      return read();
    } finally {
      this.scopes.pop();
    }
  }

  complain(offset: number, text: string): CelType {
    this.issues.push({ offset, text });
    return wrong;
  }

  /** Reports an expression that is of another type. */
  expect(wanted: CelType, found: CelType, offset: number): boolean {
    if (this.fits(found, wanted)) return true;
    const names = [wanted, found].map((type) => formatType(resolve(type, this.known, true)));
    this.complain(offset, `expected type '${names[0]}' but found '${names[1]}'`);
    return false;
  }

  fits(from: CelType, to: CelType): boolean {
    const tried = new Map(this.known);
    if (!assign(from, to, tried)) return false;
    this.known = tried;
    return true;
  }

  lookup(name: string): CelType | undefined {
    const found = this.scopes.findLast((scope) => scope.has(name))?.get(name);
    if (found) this.reads.add(name);
    return found;
  }

  identifier(name: string, offset: number): CelType {
    const found = this.lookup(name);
    if (found) return found;
    return typeOfName(name) ?? this.complain(offset, `undeclared reference to '${name}' (in container '')`);
  }

  select(expression: Expression & { kind: "select" }): CelType {
    const { operand, field, optional, offset } = expression;
    const qualified = qualifiedName(expression);
    const declared = qualified === undefined ? undefined : (this.lookup(qualified) ?? typeOfName(qualified));
    if (qualified !== undefined && declared) {
      this.names.set(expression, qualified);
      return declared;
    }
    const whole = resolve(this.typeOf(operand), this.known);
    const isOptional = whole.kind === "optional_type";
    const type = isOptional ? resolve(whole.of[0] as CelType, this.known) : whole;
    const result = this.field(type, field, offset);
    if (expression.test) return bool;
    return isOptional || optional ? optionalOf(result) : result;
  }

  /** The field by a word of the language, which may be written as it is. */
  keyword(fields: ReadonlyMap<string, CelType>, word: string): CelType | undefined {
    return escapeName(word) === `__${word}__` ? fields.get(`__${word}__`) : undefined;
  }

  field(type: CelType, field: string, offset: number): CelType {
    if (type.kind === "map") return type.of[1] as CelType;
    if (type.kind === "object") {
      const known =
        type.fields.get(field) ?? this.keyword(type.fields, field) ?? (type.open ? dyn : undefined);
      return known ?? this.complain(offset, `undefined field '${field}'`);
    }
    if (type.kind === "parameter") {
      this.fits(dyn, type);
      return dyn;
    }
    if (!isDynamic(type)) {
      const name = formatType(type);
      // Objects of the libraries have no fields that are known.
      const isLibrary = type.kind === "simple" && name.includes(".");
      const text = isLibrary
        ? `unexpected failed resolution of '${name}'`
        : `type '${name}' does not support field selection`;
      this.complain(offset, text);
    }
    return dyn;
  }

  /** The type of the parts of a literal: what all of them are; undefined where there are none. */
  joined(items: readonly (readonly [Expression, CelType])[]): CelType | undefined {
    let joined: CelType | undefined;
    if (!this.mayMix) this.afterwards.push(() => this.compareItems(items));
    for (const [, type] of items) {
      if (joined === undefined) joined = type;
      else joined = this.fits(type, joined) ? mostGeneral(joined, type) : dyn;
    }
    return joined && resolve(joined, this.known);
  }

  list(items: readonly Item[]): CelType {
    const types = items.map((item) => [item.value, this.itemType(item)] as const);
    return listOf(this.joined(types) ?? parameter());
  }

  map(entries: readonly Entry[]): CelType {
    const types = entries.map((entry) => [this.typeOf(entry.key), this.itemType(entry)] as const);
    const keys = this.joined(entries.map(({ key }, index) => [key, types[index]?.[0] ?? dyn]));
    const values = this.joined(entries.map(({ value }, index) => [value, types[index]?.[1] ?? dyn]));
    return mapOf(keys ?? parameter(), values ?? parameter());
  }

  itemType({ value, optional }: Item): CelType {
    const type = this.typeOf(value);
    if (!optional) return type;
    const whole = resolve(type, this.known);
    if (whole.kind === "optional_type") return whole.of[0] as CelType;
    if (!isDynamic(whole)) this.expect(optionalOf(whole), whole, value.offset);
    return whole;
  }

  comprehension(loop: Comprehension): CelType {
    const { range, variables, accumulator, initial, condition, step, result } = loop;
    const items = this.rangeTypes(range, variables.length);
    const accumulated = this.typeOf(initial);
    return this.within([[accumulator, accumulated]], () => {
      const named = variables.map((name, index) => [name, items[index] as CelType] as const);
      this.within(named, () => {
        this.expect(bool, this.typeOf(condition), condition.offset);
        this.expect(accumulated, this.typeOf(step), step.offset);
      });
      return resolve(this.typeOf(result), this.known);
    });
  }

  /** The types of what a loop goes over: items of a list or keys of a map; of two, what finds it and it. */
  rangeTypes(range: Expression, names: number): CelType[] {
    const type = resolve(this.typeOf(range), this.known);
    if (type.kind === "list") return names === 2 ? [int, ...type.of] : [...type.of];
    if (type.kind === "map") return [...type.of];
    if (type.kind === "parameter") this.fits(dyn, type);
    if (type.kind === "parameter" || isDynamic(type)) return [dyn, dyn];
    const cause = "cannot be range of a comprehension (must be list, map, or dynamic)";
    this.complain(range.offset, `expression of type '${formatType(type)}' ${cause}`);
    return [wrong, wrong];
  }

  /** Items have to be of one type. */
  compareItems(items: readonly (readonly [Expression, CelType])[]): void {
    const [first] = items.map(([, type]) => resolve(type, this.known, true));
    for (const [item, found] of items) {
      const type = resolve(found, this.known, true);
      if (!first || isSame(type, first)) continue;
      const names = [first, type].map(formatType);
      this.complain(item.offset, `expected type '${names[0]}' but found '${names[1]}'`);
      return;
    }
  }

  call(expression: Expression & { kind: "call" }): CelType {
    const { name, target, parameters } = expression;
    const outside = this.mayMix;
    if (name === "format") this.mayMix = true;
    const types = parameters.map((one) => this.typeOf(one));
    this.mayMix = outside;
    if (name === "_&&_" || name === "_||_") {
      const fit = parameters.map((one, index) => this.expect(bool, types[index] as CelType, one.offset));
      this.overloads.set(expression, overloadsOf(name) ?? []);
      return fit.every(Boolean) ? bool : wrong;
    }
    const prefix = target && qualifiedName(target);
    const full = prefix === undefined ? undefined : `${prefix}.${name}`;
    if (full !== undefined && overloadsOf(full)) return this.overload(expression, full, undefined, types);
    const on = target && this.typeOf(target);
    const result = this.overload(expression, name, on, types);
    this.checkLiteral(name, parameters);
    return result;
  }

  overload(call: Expression, name: string, target: CelType | undefined, types: readonly CelType[]): CelType {
    const overloads = overloadsOf(name);
    if (!overloads) {
      return this.complain(call.offset, `undeclared reference to '${name}' (in container '')`);
    }
    const given = target ? [target, ...types] : types;
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== (target !== undefined)) continue;
      const { parameters, result: returned } = overload.instantiate();
      if (parameters.length !== given.length || !this.fitAll(given, parameters)) continue;
      matching.push(overload);
      const type = resolve(returned, this.known);
      if (result === undefined) result = type;
      else if (result !== dyn && !isSame(type, result)) result = dyn;
    }
    this.overloads.set(call, matching);
    if (result) return result;
    const names = given.map((type) => formatType(resolve(type, this.known, true)));
    const list = (target ? names.slice(1) : names).join(", ");
    const signature = target ? `${names[0]}.(${list})` : `(${list})`;
    return this.complain(call.offset, `found no matching overload for '${name}' applied to '${signature}'`);
  }

  fitAll(given: readonly CelType[], wanted: readonly CelType[]): boolean {
    const tried = new Map(this.known);
    if (!given.every((type, index) => assign(type, wanted[index] as CelType, tried))) return false;
    this.known = tried;
    return true;
  }

  /** Texts that are to be something else are read when the rule is. */
  checkLiteral(name: string, parameters: readonly Expression[]): void {
    const [only] = parameters;
    const form = literalForms[name];
    if (only?.kind !== "literal" || !form || (name === "timestamp" && only.type === "int")) return;
    const isRight = only.type === "string" && form(only.text.slice(1, -1));
    if (!isRight) this.afterwards.push(() => this.complain(only.offset, `invalid ${name} argument`));
  }
}

const goTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/;
const goDuration = /^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$|^[-+]?0$/;

const literalForms: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => goDuration.test(text),
  timestamp: (text) => goTime.test(text) && !Number.isNaN(Date.parse(text)),
};
