import { type Environment, Optional } from "@marcbachmann/cel-js";
import { equalCel } from "./equal.ts";

/** List and set functions of cel-go's extensions and of Kubernetes that the engine lacks. */
export function registerLists(env: Environment): void {
  env.registerFunction("list.sum(): dyn", (list: unknown[]) => {
    if (list.some((item) => typeof item === "number"))
      return list.reduce((sum: number, item) => sum + Number(item), 0);
    return list.reduce((sum: bigint, item) => sum + (item as bigint), 0n);
  });
  env.registerFunction("list.min(): dyn", (list: unknown[]) => extreme(list, "min", -1));
  env.registerFunction("list.max(): dyn", (list: unknown[]) => extreme(list, "max", 1));
  env.registerFunction("list.isSorted(): bool", (list: unknown[]) =>
    list.every((item, index) => index === 0 || compareCel(list[index - 1], item) <= 0),
  );
  env.registerFunction("list.sort(): list", (list: unknown[]) => [...list].sort(compareCel));
  env.registerFunction("list.indexOf(dyn): int", (list: unknown[], item: unknown) =>
    BigInt(list.findIndex((other) => equalCel(other, item))),
  );
  env.registerFunction("list.lastIndexOf(dyn): int", (list: unknown[], item: unknown) =>
    BigInt(list.findLastIndex((other) => equalCel(other, item))),
  );
  env.registerFunction("list.slice(int, int): list", (list: unknown[], start: bigint, end: bigint) => {
    const wrong =
      start < 0n || end < 0n
        ? "negative indexes not supported"
        : start > end
          ? "start index must be less than or equal to end index"
          : end > BigInt(list.length)
            ? `list is length ${list.length}`
            : undefined;
    if (wrong) throw new Error(`cannot slice(${start}, ${end}), ${wrong}`);
    return list.slice(Number(start), Number(end));
  });
  env.registerFunction("list.flatten(): list", (list: unknown[]) => list.flat());
  env.registerFunction("list.flatten(int): list", (list: unknown[], depth: bigint) =>
    list.flat(Number(depth)),
  );
  env.registerFunction("list.distinct(): list", (list: unknown[]) =>
    list.filter((item, index) => list.findIndex((other) => equalCel(other, item)) === index),
  );
  env.registerFunction("list.reverse(): list", (list: unknown[]) => [...list].reverse());
  env.registerFunction("list.first(): optional", (list: unknown[]) =>
    list.length > 0 ? Optional.of(list[0]) : Optional.none(),
  );
  env.registerFunction("list.last(): optional", (list: unknown[]) =>
    list.length > 0 ? Optional.of(list.at(-1)) : Optional.none(),
  );
  const present = (list: unknown[]) =>
    (list as Optional[]).filter((item) => item.hasValue()).map((item) => item.value());
  env.registerFunction("list.unwrapOpt(): list", present);
  env.registerFunction("OptionalNamespace.unwrap(list): list", (_: unknown, list: unknown[]) =>
    present(list),
  );
  env.registerFunction("OptionalNamespace.ofNonZeroValue(dyn): optional", (_: unknown, value: unknown) =>
    isZero(value) ? Optional.none() : Optional.of(value),
  );
  env.registerType("ListsNamespace", ListsNamespace);
  env.registerConstant("lists", "ListsNamespace", new ListsNamespace());
  env.registerFunction("ListsNamespace.range(int): list", (_: unknown, count: bigint) =>
    Array.from({ length: Number(count) }, (_item, index) => BigInt(index)),
  );
  registerSets(env);
}

function isZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Array.isArray(value)
    ? value.length === 0
    : value.constructor === Object && Object.keys(value).length === 0;
}

class ListsNamespace {}
class SetsNamespace {}

function registerSets(env: Environment): void {
  const holds = (list: unknown[], item: unknown) => list.some((other) => equalCel(other, item));
  const contains = (list: unknown[], part: unknown[]) => part.every((item) => holds(list, item));
  env.registerType("SetsNamespace", SetsNamespace);
  env.registerConstant("sets", "SetsNamespace", new SetsNamespace());
  env.registerFunction("SetsNamespace.contains(list, list): bool", (_: unknown, a: unknown[], b: unknown[]) =>
    contains(a, b),
  );
  env.registerFunction(
    "SetsNamespace.equivalent(list, list): bool",
    (_: unknown, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
  );
  env.registerFunction(
    "SetsNamespace.intersects(list, list): bool",
    (_: unknown, a: unknown[], b: unknown[]) => a.some((item) => holds(b, item)),
  );
}

function extreme(list: readonly unknown[], name: string, sign: number): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (compareCel(item, best) * sign > 0 ? item : best));
}

/** The order of two comparable CEL values: numbers across their types, texts by code point, times. */
export function compareCel(a: unknown, b: unknown): number {
  const [left, right] = [a, b] as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
