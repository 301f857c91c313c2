// Schemas of the built-in kinds, from a generated file: the type graph of Kubernetes 1.36 with list types,
// merge keys and what the server's Go types do with empty values.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type EmptyField, makeSchema, type Schema, type SchemaType } from "@slipway/kubernetes";
import type { Json } from "@slipway/yaml";

/** One node of the generated file (scripts/generate-builtin-schemas.ts). */
interface Node {
  /** Reference to a named type; the other letters add to it. */
  readonly r?: string;
  readonly t?: SchemaType;
  readonly f?: string;
  readonly d?: Json;
  readonly e?: Json[];
  readonly q?: string[];
  readonly p?: Record<string, Node>;
  readonly a?: Node | boolean;
  readonly i?: Node;
  readonly l?: "atomic" | "set" | "map";
  readonly k?: string[];
  readonly m?: "granular" | "atomic";
  readonly s?: string;
  readonly g?: string;
  readonly z?: "d" | "z" | "n";
}

interface Catalogue {
  readonly kinds: ReadonlyMap<string, Schema>;
  readonly types: ReadonlyMap<string, Schema>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const empties: Record<string, EmptyField> = { d: "drop", z: "zero", n: "null" };

/** The schema of a built-in kind, or undefined when this server does not know it. Loaded on first use. */
export function builtinSchema(group: string, version: string, kind: string): Schema | undefined {
  return catalogue().kinds.get(`${group}/${version}/${kind}`);
}

/** Schema of `metadata`, the same for all kinds. */
export function objectMetaSchema(): Schema {
  return namedSchema("meta.v1.ObjectMeta");
}

/** A type by the API's name, for instance `core.v1.PodTemplateSpec`. */
export function namedSchema(name: string): Schema {
  const schema = catalogue().types.get(name);
  if (!schema) throw new Error(`no built-in type ${name}`);
  return schema;
}

let loaded: Catalogue | undefined;

function catalogue(): Catalogue {
  loaded ??= load();
  return loaded;
}

function load(): Catalogue {
  const text = readFileSync(join(import.meta.dirname, "schemas.generated.json"), "utf8");
  const file = JSON.parse(text) as { kinds: Record<string, string>; types: Record<string, Node> };
  const types = new Map<string, Mutable<Schema>>();
  const references: { readonly place: Mutable<Schema>; readonly node: Node }[] = [];

  for (const name of Object.keys(file.types)) types.set(name, makeSchema({ typeName: name }));
  for (const [name, node] of Object.entries(file.types)) {
    Object.assign(types.get(name) as Schema, build(node), { typeName: name });
  }
  // Whatever is embedded as it came is owned as one thing (kube-openapi schemaconv).
  const raw = types.get("runtime.RawExtension");
  if (raw) raw.mapType = "atomic";
  // A type without fields knows none, unlike a map that takes any.
  const fieldless = types.get("apiextensions.v1.CustomResourceSubresourceStatus");
  if (fieldless) fieldless.properties = new Map();
  for (const { place, node } of references) follow(place, node);
  const kinds = new Map<string, Schema>();
  for (const [kind, name] of Object.entries(file.kinds)) kinds.set(kind, types.get(name) as Schema);
  return { kinds, types };

  function build(node: Node): Schema {
    const properties = node.p && new Map(Object.entries(node.p).map(([key, value]) => [key, build(value)]));
    const schema = makeSchema({
      ...(node.t ? { type: node.t } : {}),
      ...(properties ? { properties } : {}),
      additional: typeof node.a === "object" ? build(node.a) : (node.a ?? false),
      items: node.i && build(node.i),
      required: node.q ?? [],
      default: node.d,
      listType: node.l ?? "atomic",
      listKeys: node.k ?? [],
      mapType: node.m ?? "granular",
      limits:
        node.f || node.e
          ? { ...(node.f ? { format: node.f } : {}), ...(node.e ? { enum: node.e } : {}) }
          : undefined,
      patchStrategy: node.s?.split(",") ?? [],
      patchMergeKey: node.g,
      empty: node.z ? (empties[node.z] as EmptyField) : "keep",
    });
    if (node.r) references.push({ place: schema, node });
    return schema;
  }

  /** Gives a place the attributes of the type that stands there; what the place says itself wins. */
  function follow(place: Mutable<Schema>, node: Node): void {
    const type = types.get(node.r as string);
    if (!type) throw new Error(`schemas.generated.json: no type ${node.r}`);
    Object.assign(place, type, {
      default: node.d,
      mapType: node.m ?? type.mapType,
      patchStrategy: node.s?.split(",") ?? [],
      patchMergeKey: node.g,
      empty: node.z ? empties[node.z] : "keep",
    });
  }
}
