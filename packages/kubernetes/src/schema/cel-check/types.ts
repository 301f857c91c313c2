// The types of expressions, and which stands for which (cel-go common/types and checker/types.go).

/** A type. Objects have fields; a parameter stands for whatever it is first matched with. */
export type CelType =
  | { readonly kind: "simple"; readonly name: string }
  | {
      readonly kind: "object";
      readonly name: string;
      readonly fields: ReadonlyMap<string, CelType>;
      /** True where fields that are not listed may be anything. */
      readonly open?: boolean;
    }
  | { readonly kind: "list" | "map" | "optional_type" | "type"; readonly of: readonly CelType[] }
  | { readonly kind: "parameter"; readonly id: number };

const simple = (name: string): CelType => ({ kind: "simple", name });

export const dyn: CelType = simple("dyn");
/** The type of what is not looked into: it may be what is wanted. */
export const anything: CelType = simple("dyn");
/** The type of what was complained about; nothing more is said of it. */
export const wrong: CelType = simple("!error!");
export const bool: CelType = simple("bool");
export const int: CelType = simple("int");
export const text: CelType = simple("string");
export const nothing: CelType = simple("null");

export const simpleType = simple;
export const listOf = (item: CelType): CelType => ({ kind: "list", of: [item] });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: "map", of: [key, value] });
export const optionalOf = (value: CelType): CelType => ({ kind: "optional_type", of: [value] });

let parameters = 0;

/** A parameter like no other. */
export function parameter(): CelType {
  return { kind: "parameter", id: parameters++ };
}

/** True for what may be anything, errors included. */
export function isDynamic(type: CelType): boolean {
  return type === dyn || type === anything || type === wrong;
}

/** What parameters stand for so far. */
export type Substitutions = Map<number, CelType>;

/** The type with its parameters replaced; with `finally`, what stands for nothing becomes dyn. */
export function resolve(type: CelType, known: Substitutions, atEnd = false): CelType {
  if (type.kind === "parameter") {
    const found = known.get(type.id);
    if (found) return resolve(found, known, atEnd);
    return atEnd ? dyn : type;
  }
  if (type.kind === "simple" || type.kind === "object") return type;
  return { ...type, of: type.of.map((inner) => resolve(inner, known, atEnd)) };
}

/** `map(string, int)`, as messages name it. */
export function formatType(type: CelType): string {
  if (type.kind === "simple" || type.kind === "object") return type.name;
  if (type.kind === "parameter") return "dyn";
  if (type.of.length === 0) return type.kind;
  return `${type.kind}(${type.of.map(formatType).join(", ")})`;
}

const declaredNames: Readonly<Record<string, string>> = {
  null: "null_type",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
};

/** The type by its full name, as messages about the type of a whole expression have it (types.Type.String). */
export function typeName(type: CelType): string {
  if (type.kind === "simple") return declaredNames[type.name] ?? type.name;
  if (type.kind === "object" || type.kind === "parameter") return formatType(type);
  return `${type.kind}(${type.of.map(typeName).join(", ")})`;
}

/** Types that may be null besides objects. */
const nullable = new Set(["null", "timestamp", "duration"]);
const plain = new Set(["bool", "int", "uint", "double", "string", "bytes"]);

/** Whether values of one type may stand where the other is wanted; what parameters stand for is added to `known`. */
export function assign(from: CelType, to: CelType, known: Substitutions): boolean {
  const [a, b] = [resolveOne(from, known), resolveOne(to, known)];
  if (a === b) return true;
  if (b.kind === "parameter") return bind(b.id, a, known);
  if (a.kind === "parameter") return bind(a.id, b, known);
  if (isDynamic(a) || isDynamic(b)) return true;
  if (a === nothing || b === nothing) return isNullable(a === nothing ? b : a);
  if (a.kind === "simple" || b.kind === "simple") {
    return a.kind === "simple" && b.kind === "simple" && a.name === b.name;
  }
  if (a.kind === "object" || b.kind === "object") {
    return a.kind === "object" && b.kind === "object" && a.name === b.name;
  }
  if (a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  return a.of.every((inner, index) => assign(inner, b.of[index] as CelType, known));
}

function resolveOne(type: CelType, known: Substitutions): CelType {
  let result = type;
  while (result.kind === "parameter") {
    const next = known.get(result.id);
    if (!next) return result;
    result = next;
  }
  return result;
}

function isNullable(type: CelType): boolean {
  if (type.kind === "simple") return nullable.has(type.name) || !plain.has(type.name);
  return type.kind === "object" || type.kind === "optional_type";
}

function bind(id: number, type: CelType, known: Substitutions): boolean {
  if (mentions(type, id, known)) return false;
  known.set(id, type);
  return true;
}

function mentions(type: CelType, id: number, known: Substitutions): boolean {
  const resolved = resolveOne(type, known);
  if (resolved.kind === "parameter") return resolved.id === id;
  if (resolved.kind === "simple" || resolved.kind === "object") return false;
  return resolved.of.some((inner) => mentions(inner, id, known));
}

/** Whether two types are the same one. */
export function isSame(a: CelType, b: CelType): boolean {
  return formatType(a) === formatType(b) && a.kind === b.kind;
}

/** Of two types that go together, the one that says less (checker/types.go). */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return isLessSpecific(a, b) ? a : b;
}

function isLessSpecific(a: CelType, b: CelType): boolean {
  const isAny = (type: CelType) => type === dyn || type === anything || type.kind === "parameter";
  if (isAny(a) || isAny(b)) return isAny(a);
  if (a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  if (a.kind === "list" || a.kind === "map" || a.kind === "optional_type") {
    const others = (b as typeof a).of;
    return a.of.every((inner, index) => isLessSpecific(inner, others[index] as CelType));
  }
  return isSame(a, b);
}
