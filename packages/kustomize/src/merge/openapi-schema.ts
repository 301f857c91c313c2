// `openapi`: a schema of one's own says which lists of custom resources are merged by key, and their scope.
import { getChild, type YamlNode } from "@slipway/yaml";
import type { KindScopes } from "../kind-scopes.ts";
import type { MergeSchema, Resolve, SchemaSource } from "./merge-schema.ts";

/** The definitions of an OpenAPI document. */
export function openApiSource(root: YamlNode): SchemaSource {
  const definitions = getChild(root, "definitions");
  const byKind = new Map<string, YamlNode>();
  for (const definition of definitions?.children ?? []) {
    for (const gvk of getChild(definition, groupVersionKind)?.children ?? []) {
      byKind.set(kindKey(gvk), definition);
    }
  }
  return {
    ofKind: (apiVersion, kind, resolve) => {
      const definition = byKind.get(`${apiVersion}/${kind}`);
      return definition && definitionSchema(definition, resolve);
    },
    named: (name, resolve) => {
      const definition = getChild(definitions, name);
      return definition && referredSchema(definition, resolve);
    },
  };
}

/** The scopes of kinds: one with a path in which a namespace stands is namespaced (kyaml/openapi). */
export function openApiScopes(root: YamlNode): KindScopes {
  const scopes = new Map<string, boolean>();
  for (const path of getChild(root, "paths")?.children ?? []) {
    const gvk = getChild(getChild(path, "get"), groupVersionKind);
    if (gvk?.type !== "map" || !path.key.startsWith("/")) continue;
    const isNamespaced = path.key.includes("namespaces/{namespace}");
    scopes.set(kindKey(gvk), isNamespaced || scopes.get(kindKey(gvk)) === true);
  }
  return scopes;
}

const groupVersionKind = "x-kubernetes-group-version-kind";

function kindKey(gvk: YamlNode): string {
  const text = (key: string) => getChild(gvk, key)?.text ?? "";
  const version = text("group") === "" ? text("version") : `${text("group")}/${text("version")}`;
  return `${version}/${text("kind")}`;
}

/** The schema that a node of an OpenAPI document describes; a reference at its root is not followed. */
export function definitionSchema(node: YamlNode, resolve: Resolve): MergeSchema {
  const strategy = getChild(node, "x-kubernetes-patch-strategy")?.text ?? "";
  const merges = strategy.split(",").includes("merge");
  return {
    field: (name) => {
      const property = getChild(getChild(node, "properties"), name);
      const additional = getChild(node, "additionalProperties");
      const found = property ?? (additional?.type === "map" ? additional : undefined);
      return found && referredSchema(found, resolve);
    },
    get items() {
      if (!isArray(node)) return undefined;
      const items = getChild(node, "items");
      return items && referredSchema(items, resolve);
    },
    mergeKeys: merges ? keysOf(node) : undefined,
  };
}

/** The schema that a node describes or refers to; undefined when the reference leads nowhere. */
export function referredSchema(node: YamlNode, resolve: Resolve): MergeSchema | undefined {
  const reference = getChild(node, "$ref")?.text;
  if (reference === undefined) return definitionSchema(node, resolve);
  return resolve(reference.slice(reference.lastIndexOf("/") + 1));
}

function isArray(node: YamlNode): boolean {
  const type = getChild(node, "type");
  return type?.type === "list"
    ? type.children.length === 1 && type.children[0]?.text === "array"
    : type?.text === "array";
}

function keysOf(node: YamlNode): string[] {
  const keys = getChild(node, "x-kubernetes-list-map-keys");
  if (keys?.type === "list") return keys.children.map((key) => key.text);
  const key = getChild(node, "x-kubernetes-patch-merge-key");
  return key === undefined ? [] : [key.text];
}
