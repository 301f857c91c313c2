// Finds the type of an expression, and what does not go together in it (cel-go checker/checker.go).
import { escapeName } from "../cel/value.ts";
import { isUnchecked, overloadsOf } from "./functions.ts";
import type { Issue } from "./issue.ts";
import { macroOf } from "./macros.ts";
import { checkMessage } from "./messages.ts";
import { type Expression, qualifiedName } from "./parse.ts";
import {
  anything,
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
  /** The variables that are read. */
  readonly reads: ReadonlySet<string>;
}

/** Checks an expression over these variables; throws NotModelled for what cannot be told. */
export function check(root: Expression, variables: ReadonlyMap<string, CelType>): Checked {
  const checker = new Checker(variables);
  const type = resolve(checker.typeOf(root), checker.known, true);
  if (checker.issues.length === 0) for (const look of checker.afterwards) look();
  return { type, issues: checker.issues, reads: checker.reads };
}

const typeNames = new Set(
  "bool int uint double string bytes list map null_type type timestamp duration google.protobuf.Timestamp google.protobuf.Duration dyn optional_type kubernetes.URL net.IP net.CIDR kubernetes.Quantity kubernetes.Semver".split(
    " ",
  ),
);

/** The walk through an expression. */
export class Checker {
  readonly issues: Issue[] = [];
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
        return listOf(this.joined(expression.items));
      case "map":
        return mapOf(
          this.joined(expression.entries.map(([key]) => key)),
          this.joined(expression.entries.map(([, value]) => value)),
        );
      case "message":
        return checkMessage(this, expression);
      case "call":
        return this.call(expression);
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
    if (typeNames.has(name)) return { kind: "type", of: [dyn] };
    return this.complain(offset, `undeclared reference to '${name}' (in container '')`);
  }

  select(expression: Expression & { kind: "select" }): CelType {
    const { operand, field, optional, offset } = expression;
    const qualified = qualifiedName(expression);
    const declared = qualified === undefined ? undefined : this.lookup(qualified);
    if (declared) return declared;
    if (qualified !== undefined && typeNames.has(qualified)) return { kind: "type", of: [dyn] };
    const whole = resolve(this.typeOf(operand), this.known);
    const isOptional = whole.kind === "optional_type";
    const type = isOptional ? resolve(whole.of[0] as CelType, this.known) : whole;
    const result = this.field(type, field, offset);
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

  /** The type of the items of a literal: what all of them are. */
  joined(items: readonly Expression[]): CelType {
    let joined: CelType | undefined;
    const types = items.map((item) => [item, this.typeOf(item)] as const);
    if (!this.mayMix) this.afterwards.push(() => this.compareItems(types));
    for (const [, type] of types) {
      if (joined === undefined) joined = type;
      else joined = this.fits(type, joined) ? mostGeneral(joined, type) : dyn;
    }
    return joined === undefined ? parameter() : resolve(joined, this.known);
  }

  /** Items have to be of one type. */
  compareItems(items: readonly (readonly [Expression, CelType])[]): void {
    const [first] = items.map(([, type]) => resolve(type, this.known, true));
    for (const [item, found] of items) {
      const type = resolve(found, this.known, true);
      if (!first || type === anything || first === anything || isSame(type, first)) continue;
      const names = [first, type].map(formatType);
      this.complain(item.offset, `expected type '${names[0]}' but found '${names[1]}'`);
      return;
    }
  }

  call(expression: Expression & { kind: "call" }): CelType {
    const macro = macroOf(expression);
    if (macro) return macro(this);
    const { name, target, parameters, offset } = expression;
    const outside = this.mayMix;
    if (name === "format") this.mayMix = true;
    const types = parameters.map((one) => this.typeOf(one));
    this.mayMix = outside;
    if (name === "_&&_" || name === "_||_") {
      const fit = parameters.map((one, index) => this.expect(bool, types[index] as CelType, one.offset));
      return fit.every(Boolean) ? bool : wrong;
    }
    const prefix = target && qualifiedName(target);
    const full = prefix === undefined ? undefined : `${prefix}.${name}`;
    if (full !== undefined && (overloadsOf(full) || isUnchecked(full))) {
      return this.overload(full, undefined, types, offset);
    }
    const on = target && this.typeOf(target);
    const result = this.overload(name, on, types, offset);
    this.checkLiteral(name, parameters);
    return result;
  }

  overload(name: string, target: CelType | undefined, types: readonly CelType[], offset: number): CelType {
    const overloads = overloadsOf(name);
    if (!overloads) {
      if (isUnchecked(name)) return anything;
      return this.complain(offset, `undeclared reference to '${name}' (in container '')`);
    }
    const given = target ? [target, ...types] : types;
    let result: CelType | undefined;
    for (const { isMember, instantiate } of overloads) {
      if (isMember !== (target !== undefined)) continue;
      const { parameters, result: returned } = instantiate();
      if (parameters.length !== given.length || !this.fitAll(given, parameters)) continue;
      const type = resolve(returned, this.known);
      if (result === undefined) result = type;
      else if (result !== dyn && !isSame(type, result)) result = dyn;
    }
    if (result) return result;
    const names = given.map((type) => formatType(resolve(type, this.known, true)));
    const list = (target ? names.slice(1) : names).join(", ");
    const signature = target ? `${names[0]}.(${list})` : `(${list})`;
    return this.complain(offset, `found no matching overload for '${name}' applied to '${signature}'`);
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
