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

/** Finds the schema of a kind. */
export type SchemaLookup = (apiVersion: string, kind: string) => MergeSchema | undefined;

interface ListField {
  readonly keys: readonly string[];
  readonly items?: string;
}

const kinds: Readonly<Record<string, string>> = builtIn.kinds;
const types = builtIn.types as unknown as Readonly<
  Record<string, Readonly<Record<string, string | ListField>>>
>;

const leaf: MergeSchema = { field: () => leaf, items: undefined, mergeKeys: undefined };
const made = new Map<string, MergeSchema>();

/** The schema of Kubernetes 1.21.2, which kustomize carries. */
export const builtInSchema: SchemaLookup = (apiVersion, kind) => {
  const name = kinds[`${apiVersion}/${kind}`];
  return name === undefined ? undefined : typeSchema(name);
};

function typeSchema(name: string): MergeSchema {
  const known = made.get(name);
  if (known) return known;
  const fields = types[name] ?? {};
  const schema: MergeSchema = {
    field: (key) => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field === undefined) return leaf;
      if (typeof field === "string") return typeSchema(field);
      return {
        field: () => undefined,
        items: field.items === undefined ? leaf : typeSchema(field.items),
        mergeKeys: field.keys,
      };
    },
    items: undefined,
    mergeKeys: undefined,
  };
  made.set(name, schema);
  return schema;
}

/** The schema of an object by its own apiVersion and kind. */
export function schemaOf(node: YamlNode | null, lookup: SchemaLookup): MergeSchema | undefined {
  if (node?.type !== "map") return undefined;
  const kind = getChild(node, "kind")?.text ?? "";
  const apiVersion = getChild(node, "apiVersion")?.text ?? "";
  return kind === "" || apiVersion === "" ? undefined : lookup(apiVersion, kind);
}
