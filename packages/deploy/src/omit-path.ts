import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

/**
 * A copy of an object without the field at a path as the API server writes it in conflicts
 * (structured-merge-diff, fieldpath.Path): `.spec.replicas`, `.webhooks[name="a"].failurePolicy`,
 * `.spec.ports[port=80,protocol="TCP"]`, `.metadata.finalizers[="x"]`, `.spec.args[0]`. Undefined when the path
 * leads nowhere.
 */
export function omitPath<T extends JsonObject>(object: T, path: string): T | undefined {
  return omit(object, path) as T | undefined;
}

function omit(value: Json, path: string): Json | undefined {
  if (path.startsWith(".") && isJsonObject(value)) return omitField(value, path.slice(1));
  if (path.startsWith("[") && Array.isArray(value)) return omitItem(value, path);
  return undefined;
}

/** Names are not quoted and may hold dots and slashes themselves, so the object's own keys tell where one ends. */
function omitField(map: JsonObject, path: string): JsonObject | undefined {
  const keys = Object.keys(map).filter(
    (key) => path.startsWith(key) && /^(?:$|[.[])/.test(path.slice(key.length)),
  );
  for (const key of keys.sort((a, b) => b.length - a.length)) {
    const rest = path.slice(key.length);
    if (rest === "") {
      const { [key]: _, ...kept } = map;
      return kept;
    }
    const inner = map[key];
    const changed = inner === undefined ? undefined : omit(inner, rest);
    if (changed !== undefined) return { ...map, [key]: changed };
  }
  return undefined;
}

function omitItem(list: Json[], path: string): Json[] | undefined {
  const step = readStep(path);
  if (!step) return undefined;
  const index = list.findIndex((item, at) => step.selects(item, at));
  if (index < 0) return undefined;
  if (step.rest === "") return list.toSpliced(index, 1);
  const changed = omit(list[index] ?? null, step.rest);
  return changed === undefined ? undefined : list.with(index, changed);
}

/** The step in brackets, and what follows it. Values are JSON, so a bracket may stand inside a text. */
function readStep(path: string): { selects: (item: Json, at: number) => boolean; rest: string } | undefined {
  const end = /^\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]/.exec(path)?.[0];
  if (!end) return undefined;
  const inside = end.slice(1, -1);
  const rest = path.slice(end.length);
  if (/^\d+$/.test(inside)) return { rest, selects: (_, at) => at === Number(inside) };
  const pairs = [...inside.matchAll(/([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, key = "", value = ""]) => [key, value] as const,
  );
  if (pairs.length === 0) return undefined;
  const selects = (item: Json) =>
    pairs.every(
      ([key, value]) =>
        JSON.stringify(key === "" ? item : isJsonObject(item) ? item[key] : undefined) === value,
    );
  return { rest, selects };
}
