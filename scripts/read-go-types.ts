// Reads from Go source what OpenAPI does not say about the API server's types: which fields are pointers and
// which are left out when empty, which decides what becomes of `0`, `false`, `""`, `[]` and `{}` on a write; and what
// Go calls their types, which errors name.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** One field of a Go struct, by its JSON name. */
export interface GoField {
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  /** The type as Go's reflection prints it, without the pointer in front: `[]v1.Container`. */
  readonly type: string;
  /** Names of the embedded structs that the field comes from, outermost first. */
  readonly within: readonly string[];
}

/** Fields and, under a name with a `*` in front, embedded structs, both in the order of the source. */
type GoStruct = Map<string, GoField>;

/**
 * All structs below `root`, by OpenAPI name: `prefix`, the package's path with dots, the type's name
 * (`io.k8s.api` + `core/v1` + `Pod`), with their fields in the order of the source. Embedded structs are flattened.
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
  const [, own = ""] = /^package (\w+)/m.exec(source) ?? [];
  const imports = new Map(
    [...source.matchAll(/^\s+(?:(\w+) )?"([^"]*)"$/gm)].map(([, alias, path = ""]) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      return [alias ?? name, name];
    }),
  );
  const typeName = (type: string) =>
    type.replace(/^\*/, "").replace(/(?:(\w+)\.)?(\w+)/g, (name, from, local) => {
      if (from) return `${imports.get(from) ?? from}.${local}`;
      if (name === "byte") return "uint8";
      return /^[A-Z]/.test(name) ? `${own}.${name}` : name;
    });
  for (const match of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)) {
    const struct: GoStruct = new Map();
    for (const line of (match[2] as string).split("\n")) readField(line, struct, typeName);
    into.set(`${scope}.${match[1]}`, struct);
  }
}

function readField(line: string, struct: GoStruct, typeName: (type: string) => string): void {
  const match = /^\s+(?:(\w+)\s+)?([\w.*[\]]+)\s+`[^`]*?json:"([^"]*)"/.exec(line);
  if (!match) return;
  const [name, ...options] = (match[3] as string).split(",");
  const type = match[2] as string;
  const field = {
    pointer: type.startsWith("*"),
    omitEmpty: options.includes("omitempty"),
    omitZero: options.includes("omitzero"),
    type: typeName(type),
    within: [],
  };
  if (options.includes("inline")) struct.set(`*${type.replace(/^\*/, "")}`, field);
  else if (name && name !== "-") struct.set(name, field);
}

function flatten(name: string, structs: ReadonlyMap<string, GoStruct>): Map<string, GoField> {
  const fields = new Map<string, GoField>();
  const scope = name.slice(0, name.lastIndexOf("."));
  for (const [key, field] of structs.get(name) ?? []) {
    if (!key.startsWith("*")) {
      fields.set(key, field);
      continue;
    }
    const embedded = key.slice(1);
    const inner = flatten(`${scope}.${embedded}`, structs);
    for (const [innerKey, innerField] of inner) {
      fields.set(innerKey, { ...innerField, within: [embedded, ...innerField.within] });
    }
  }
  return fields;
}
