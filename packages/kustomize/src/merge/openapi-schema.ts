// `openapi`: a schema of one's own says which lists of custom resources are merged by key.
import { getChild, type YamlNode } from "@slipway/yaml";
import type { MergeSchema, SchemaLookup } from "./merge-schema.ts";

/** A lookup in an OpenAPI document's definitions. It stands in for the built-in schema, as in kustomize. */
export function openApiLookup(root: YamlNode): SchemaLookup {
  const definitions = getChild(root, "definitions");
  const byKind = new Map<string, YamlNode>();
  for (const definition of definitions?.children ?? []) {
    for (const gvk of getChild(definition, "x-kubernetes-group-version-kind")?.children ?? []) {
      const text = (key: string) => getChild(gvk, key)?.text ?? "";
      const apiVersion = text("group") === "" ? text("version") : `${text("group")}/${text("version")}`;
      byKind.set(`${apiVersion}/${text("kind")}`, definition);
    }
  }
  return (apiVersion, kind) => {
    const definition = byKind.get(`${apiVersion}/${kind}`);
    return definition && schemaFor(definition, definitions);
  };
}

function schemaFor(node: YamlNode, definitions: YamlNode | undefined): MergeSchema {
  const strategy = getChild(node, "x-kubernetes-patch-strategy")?.text ?? "";
  const merges = strategy.split(",").includes("merge");
  return {
    field: (name) => {
      const property = getChild(getChild(node, "properties"), name);
      const additional = getChild(node, "additionalProperties");
      const found = property ?? (additional?.type === "map" ? additional : undefined);
      return found && resolved(found, definitions);
    },
    get items() {
      if (getChild(node, "type")?.text !== "array") return undefined;
      const items = getChild(node, "items");
      return items && resolved(items, definitions);
    },
    mergeKeys: merges ? keysOf(node) : undefined,
  };
}

function keysOf(node: YamlNode): string[] {
  const keys = getChild(node, "x-kubernetes-list-map-keys");
  if (keys?.type === "list") return keys.children.map((key) => key.text);
  const key = getChild(node, "x-kubernetes-patch-merge-key");
  return key === undefined ? [] : [key.text];
}

function resolved(node: YamlNode, definitions: YamlNode | undefined): MergeSchema | undefined {
  let current: YamlNode | undefined = node;
  for (let hops = 0; current && hops < 32; hops++) {
    const reference: string | undefined = getChild(current, "$ref")?.text;
    if (reference === undefined) return schemaFor(current, definitions);
    current = getChild(definitions, reference.slice(reference.lastIndexOf("/") + 1));
  }
  return undefined;
}
