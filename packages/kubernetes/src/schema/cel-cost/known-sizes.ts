// What is known of the sizes of an expression's parts (cel-go checker/cost.go, computeSize and its like).
import type { Checked } from "../cel-check/check.ts";
import type { Comprehension, Expression } from "../cel-check/expression.ts";
import type { CelType } from "../cel-check/types.ts";
import { either, exactly, type Size } from "./amount.ts";
import type { Argument } from "./call.ts";
import type { DeclaredSize } from "./declared-size.ts";
import { literalSize } from "./literal-size.ts";
import { append, noPath, type Path, stepsOf } from "./path.ts";

/** The sizes of the keys and values of a list or map. */
export interface Entries {
  readonly kind: "list" | "map";
  readonly key: Size;
  readonly value: Size;
}

/** What is known of a variable of a loop. */
export interface Local {
  readonly path: Path;
  readonly size: Size | undefined;
  readonly entries: Entries | undefined;
}

/** Sizes by what was found out of parts before, by where in the object they are, and by how they are written. */
export class KnownSizes {
  readonly checked: Checked;
  readonly self: DeclaredSize;
  readonly paths = new Map<Expression, Path>();
  readonly sizes = new Map<Expression, Size>();
  readonly entries = new Map<Expression, Entries>();
  readonly locals = new Map<string, Local[]>();

  constructor(checked: Checked, self: DeclaredSize) {
    this.checked = checked;
    this.self = self;
  }

  /** What is known of what a loop goes over, item by item. */
  rangeLocals({ range, variables }: Comprehension): [name: string, Local][] {
    const entries = this.entriesOf(range);
    const isList = (entries?.kind ?? this.checked.typeOf(range).kind) === "list";
    const make = (step: string, size: Size | undefined): Local => ({
      path: append(this.pathOf(range), step),
      size,
      entries: undefined,
    });
    const key = () => make(isList ? "@indices" : "@keys", entries?.key);
    const value = () => make(isList ? "@items" : "@values", entries?.value);
    const [first = "", second] = variables;
    if (second === undefined) return [[first, isList ? value() : key()]];
    return [
      [first, key()],
      [second, value()],
    ];
  }

  argument(expression: Expression): Argument {
    const [type, path] = [this.checked.typeOf(expression), this.pathOf(expression)];
    const item = innerType(type);
    const items = item && {
      type: item,
      size: path.length > 0 ? this.declared([...stepsOf(path), "@items"]) : undefined,
    };
    return { expression, type, size: this.sizeOf(expression), items };
  }

  local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  pop(name: string): void {
    this.locals.get(name)?.pop();
  }

  push(name: string, local: Local): void {
    this.locals.set(name, [...(this.locals.get(name) ?? []), local]);
  }

  localOf(value: Expression): Local {
    return { path: this.pathOf(value), size: this.sizeOf(value), entries: this.entriesOf(value) };
  }

  pathOf(expression: Expression): Path {
    const local = expression.kind === "identifier" ? this.local(expression.name) : undefined;
    return local?.path ?? this.paths.get(expression) ?? noPath;
  }

  setSize(expression: Expression, size: Size | undefined): void {
    if (size) this.sizes.set(expression, size);
  }

  setEntries(expression: Expression, entries: Entries | undefined): void {
    if (entries) this.entries.set(expression, entries);
  }

  copySizes(to: Expression, from: Expression): void {
    this.setSize(to, this.sizeOf(from));
    this.setEntries(to, this.entriesOf(from));
  }

  sizeOf(expression: Expression): Size | undefined {
    const known = this.sizes.get(expression) ?? writtenSize(expression);
    if (known) return known;
    const declared = this.declared(stepsOf(this.pathOf(expression)));
    if (declared) {
      this.sizes.set(expression, declared);
      return declared;
    }
    if (isScalar(this.checked.typeOf(expression))) return exactly(1);
    return expression.kind === "identifier" ? this.local(expression.name)?.size : undefined;
  }

  entriesOf(expression: Expression | undefined): Entries | undefined {
    if (!expression) return undefined;
    const local = expression.kind === "identifier" ? this.local(expression.name) : undefined;
    return this.entries.get(expression) ?? local?.entries;
  }

  /** The size of what a path leads to. The first name is not looked at: what is not a variable's path is `self`'s, too. */
  declared(steps: readonly string[]): Size | undefined {
    if (steps.length === 0) return undefined;
    let found: DeclaredSize | undefined = this.self;
    for (const step of steps.slice(1)) {
      const isItem = step === "@items" || step === "@values";
      const { parts }: DeclaredSize = found;
      found = isItem ? (parts.get("@items") ?? parts.get("@values")) : parts.get(step);
      if (!found) return undefined;
    }
    return { min: 0, max: found.max };
  }
}

function writtenSize(expression: Expression): Size | undefined {
  if (expression.kind === "literal") return exactly(literalSize(expression));
  if (expression.kind === "list") return exactly(expression.items.length);
  return expression.kind === "map" ? exactly(expression.entries.length) : undefined;
}

const scalars = new Set(["bool", "double", "duration", "int", "timestamp", "uint"]);

/** True for types of which each value is as large as another. */
function isScalar(type: CelType): boolean {
  if (type.kind === "simple") return scalars.has(type.name);
  return type.kind === "optional_type" && isScalar(type.of[0] as CelType);
}

function innerType(type: CelType): CelType | undefined {
  const isMade = type.kind === "list" || type.kind === "map" || type.kind === "optional_type";
  return isMade || type.kind === "type" ? type.of[0] : undefined;
}

/** The sizes of either of two; none where those of one are not known. */
export function eitherEntries(a: Entries | undefined, b: Entries | undefined): Entries | undefined {
  return a && b && { kind: a.kind, key: either(a.key, b.key), value: either(a.value, b.value) };
}
