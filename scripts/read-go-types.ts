// Reads from Go source what OpenAPI does not say about the API server's types: which fields are pointers and
// which are left out when empty. That decides what becomes of `0`, `false`, `""`, `[]` and `{}` on a write.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** One field of a Go struct, by its JSON name. */
export interface GoField {
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

interface GoStruct {
  readonly fields: Map<string, GoField>;
  /** Names of embedded structs, as written. */
  readonly inlined: string[];
}

/**
 * All structs below `root`, by OpenAPI name: `prefix`, the package's path with dots, the type's name
 * (`io.k8s.api` + `core/v1` + `Pod`). Embedded structs are flattened.
 */
export function readGoTypes(prefix: string, root: string): Map<string, Map<string, GoField>> {
  const structs = new Map<string, GoStruct>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/^(types.*|intstr|quantity|duration)\.go$/.test(entry.name)) continue;
    const path = relative(root, entry.parentPath);
    const scope = path === "" ? prefix : `${prefix}.${path.replaceAll("/", ".")}`;
    readStructs(readFileSync(join(entry.parentPath, entry.name), "utf8"), scope, structs);
  }
  const result = new Map<string, Map<string, GoField>>();
  for (const name of structs.keys()) result.set(name, flatten(name, structs));
  return result;
}

function readStructs(source: string, scope: string, into: Map<string, GoStruct>): void {
  for (const match of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
    const struct: GoStruct = { fields: new Map(), inlined: [] };
    for (const line of (match[2] as string).split("\n")) readField(line, struct);
    into.set(`${scope}.${match[1]}`, struct);
  }
}

function readField(line: string, struct: GoStruct): void {
  const match = /^\s+(?:(\w+)\s+)?([\w.*[\]]+)\s+`[^`]*?json:"([^"]*)"/.exec(line);
  if (!match) return;
  const [name, ...options] = (match[3] as string).split(",");
  const type = match[2] as string;
  if (options.includes("inline")) struct.inlined.push(type.replace(/^\*/, ""));
  else if (name && name !== "-") {
    struct.fields.set(name, {
      pointer: type.startsWith("*"),
      omitEmpty: options.includes("omitempty"),
      omitZero: options.includes("omitzero"),
    });
  }
}

function flatten(name: string, structs: Map<string, GoStruct>): Map<string, GoField> {
  const struct = structs.get(name);
  const fields = new Map(struct?.fields);
  const scope = name.slice(0, name.lastIndexOf("."));
  for (const inner of struct?.inlined ?? []) {
    for (const [key, field] of flatten(`${scope}.${inner}`, structs)) fields.set(key, field);
  }
  return fields;
}
