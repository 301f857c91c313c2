// Which lists a strategic merge patch merges item by item, and by which keys.
import { getChild, type YamlNode } from "@slipway/yaml";
import builtIn from "../data/merge-keys.generated.json" with { type: "json" };

/** What is known of a field's type. Fields that it does not mention are known to hold no such lists. */
export interface MergeSchema {
  /** The type of a map's field; undefined when nothing is known of it. */
  readonly field: (name: string) => MergeSchema | undefined;
  /** The type of a list's items. */
  readonly items: MergeSchema | undefined;
  /** For lists merged item by item: the keys that identify one; none for lists of scalars. */
  readonly mergeKeys: readonly string[] | undefined;
}

/** Finds the schema of a kind, and definitions by their names. */
export interface SchemaLookup {
  readonly ofKind: (apiVersion: string, kind: string) => MergeSchema | undefined;
  readonly named: Resolve;
}

interface ListField {
  readonly keys: readonly string[];
  readonly items?: string;
}

const kinds: Readonly<Record<string, string>> = builtIn.kinds;
const types = builtIn.types as unknown as Readonly<
  Record<string, Readonly<Record<string, string | ListField>>>
>;

const leaf: MergeSchema = { field: () => leaf, items: undefined, mergeKeys: undefined };

/** Finds a definition by its name. */
export type Resolve = (name: string) => MergeSchema | undefined;

/** Definitions, which may refer to others by name. */
export interface SchemaSource {
  readonly ofKind: (apiVersion: string, kind: string, resolve: Resolve) => MergeSchema | undefined;
  readonly named: (name: string, resolve: Resolve) => MergeSchema | undefined;
}

/** A lookup in several sources; what a later one defines goes before. */
export function lookupIn(sources: readonly SchemaSource[]): SchemaLookup {
  let hops = 0;
  const find = (ask: (source: SchemaSource) => MergeSchema | undefined): MergeSchema | undefined => {
    for (let index = sources.length - 1; index >= 0; index--) {
      const found = ask(sources[index] as SchemaSource);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const resolve: Resolve = (name) => {
    // Definitions may refer to one another in a circle.
    if (hops > 32) return undefined;
    hops++;
    try {
      return find((source) => source.named(name, resolve));
    } finally {
      hops--;
    }
  };
  const ofKind = (apiVersion: string, kind: string) =>
    find((source) => source.ofKind(apiVersion, kind, resolve));
  return { ofKind, named: resolve };
}

/** The definitions of Kubernetes 1.21.2, which kustomize carries. */
export const builtInSource: SchemaSource = {
  ofKind: (apiVersion, kind, resolve) => {
    const name = kinds[`${apiVersion}/${kind}`];
    return name === undefined ? undefined : typeSchema(name, resolve);
  },
  named: (name, resolve) => {
    const type = typeName(name);
    return type === undefined ? undefined : typeSchema(type, resolve);
  },
};

/** The schema of Kubernetes 1.21.2 alone. */
export const builtInSchema: SchemaLookup = lookupIn([builtInSource]);

/** Where the definitions of an API group live, below `io.k8s`; those of all others in `api`. */
const homes: Readonly<Record<string, string>> = {
  meta: "apimachinery.pkg.apis",
  apiextensions: "apiextensions-apiserver.pkg.apis",
  apiregistration: "kube-aggregator.pkg.apis",
};

/** `io.k8s.api.core.v1.Pod` for `core.v1.Pod`. */
function definitionName(type: string): string {
  return `io.k8s.${homes[type.slice(0, type.indexOf("."))] ?? "api"}.${type}`;
}

/** `core.v1.Pod` for `io.k8s.api.core.v1.Pod`; undefined for names that are not Kubernetes' own. */
function typeName(definition: string): string | undefined {
  const type = /^io\.k8s\.(?:api|[a-z-]+\.pkg\.apis)\.(.+)$/.exec(definition)?.[1];
  return type !== undefined && definitionName(type) === definition ? type : undefined;
}

const made = new WeakMap<Resolve, Map<string, MergeSchema>>();

function typeSchema(name: string, resolve: Resolve): MergeSchema {
  const known = made.get(resolve) ?? new Map<string, MergeSchema>();
  made.set(resolve, known);
  const schema = known.get(name) ?? makeTypeSchema(name, resolve);
  known.set(name, schema);
  return schema;
}

function makeTypeSchema(name: string, resolve: Resolve): MergeSchema {
  const fields = types[name] ?? {};
  return {
    field: (key) => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field === undefined) return leaf;
      if (typeof field === "string") return resolve(definitionName(field));
      return {
        field: () => undefined,
        items: field.items === undefined ? leaf : resolve(definitionName(field.items)),
        mergeKeys: field.keys,
      };
    },
    items: undefined,
    mergeKeys: undefined,
  };
}

/** The schema of an object by its own apiVersion and kind. */
export function schemaOf(node: YamlNode | null, lookup: SchemaLookup): MergeSchema | undefined {
  if (node?.type !== "map") return undefined;
  const kind = getChild(node, "kind")?.text ?? "";
  const apiVersion = getChild(node, "apiVersion")?.text ?? "";
  return kind === "" || apiVersion === "" ? undefined : lookup.ofKind(apiVersion, kind);
}
