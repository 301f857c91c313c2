// Random changes of JSON values.
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import type { Random } from "../fuzz/random.ts";

/** Where a value is inside of another. */
export type Path = readonly (string | number)[];

const strings = [
  "",
  "a",
  "b",
  "A",
  "a-b",
  "a.b",
  "a_b",
  "-a",
  "a b",
  "x".repeat(64),
  "1",
  "true",
  "10%",
  "100Mi",
  "1.5",
  "a/b",
  "/a",
  "web",
  "TCP",
  "Always",
];
const numbers = [0, 1, -1, 2, 3, 80, 443, 65536, 4294967296, 1.5];
const others: readonly Json[] = [null, "", "a", 0, 1, true, [], {}, ["a"], { a: "b" }];

/** Every place in a value below its root, the outer ones first. */
export function pathsOf(value: Json, at: Path = []): Path[] {
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value).map(([key, item]) => [key, item ?? null])
      : [];
  return entries.flatMap(([key, item]) => [[...at, key], ...pathsOf(item, [...at, key])]);
}

/** What stands at a place; undefined when there is none. */
export function read(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (current, key) =>
      Array.isArray(current)
        ? current[Number(key)]
        : isJsonObject(current)
          ? current[String(key)]
          : undefined,
    value,
  );
}

/** The value with something else at a place, or, for undefined, without it. */
export function write(value: Json, path: Path, item: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return item ?? null;
  if (Array.isArray(value)) {
    const index = Number(key);
    if (rest.length === 0 && item === undefined) return value.filter((_, place) => place !== index);
    return value.map((old, place) => (place === index ? write(old, rest, item) : old));
  }
  if (!isJsonObject(value)) return value;
  const result: JsonObject = { ...value };
  if (rest.length === 0 && item === undefined) delete result[String(key)];
  else result[String(key)] = write(value[String(key)] ?? {}, rest, item);
  return result;
}

/** Changes one random place; `donor` is an object of the same kind from which whole fields may come. */
export function mutate(value: JsonObject, random: Random, donor: JsonObject = {}): JsonObject {
  const paths = pathsOf(value);
  if (paths.length === 0) return { ...value, added: "x" };
  const path = random.pick(paths);
  const old = read(value, path) ?? null;
  const change = (item: Json | undefined) => write(value, path, item) as JsonObject;
  const kind = random.below(20);
  if (kind < 3) return change(undefined);
  if (kind < 12) return change(similar(old, random));
  if (kind < 14) return change(random.pick(others));
  if (kind < 15 && isJsonObject(old)) return change({ ...old, [random.pick(["unknown", "Name", "a"])]: "x" });
  const given = pathsOf(donor);
  if (given.length === 0) return change(similar(old, random));
  const from = random.pick(given);
  // Only what has the same surroundings in both is put in its place.
  return isJsonObject(read(value, from.slice(0, -1))) && typeof from.at(-1) === "string"
    ? (write(value, from, read(donor, from)) as JsonObject)
    : change(similar(old, random));
}

/** Another value of the same type. */
function similar(old: Json, random: Random): Json {
  if (typeof old === "string") return random.pick(strings);
  if (typeof old === "number") return random.pick(numbers);
  if (typeof old === "boolean") return !old;
  if (Array.isArray(old)) {
    const [first = "a"] = old;
    return random.pick([[], [...old, first], [...old].reverse(), old.slice(1), [...old, "a"]]);
  }
  return isJsonObject(old)
    ? random.pick([{}, { ...old, a: "b" }, Object.fromEntries(Object.entries(old).slice(1))])
    : "a";
}
