// Appends the hash of their content to the names of generated ConfigMaps and Secrets.

import { getChild, type Json, nodeToJson, type YamlNode } from "@slipway/yaml";
import { sha256 } from "#runtime";
import { goJson } from "../go-json.ts";
import { kindOf, nameOf, type Resource, rename, storePreviousId } from "../resource.ts";
import type { Step } from "../step.ts";

/** Renames what asks for it. */
export function applyHashes(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.needsHash) continue;
    const suffix = contentHash(resource.root, kindOf(resource));
    storePreviousId(resource);
    rename(resource, `${nameOf(resource)}-${suffix}`, stepOf(resource.root));
  }
}

/** The step's sources are what the hash is of. */
function stepOf(root: YamlNode): Step {
  const fields = ["data", "binaryData", "stringData", "type"];
  const from = fields.flatMap((name) => {
    const node = getChild(root, name);
    return node ? [{ object: root, field: name, node }] : [];
  });
  return { kind: "hash", at: null, from };
}

/**
 * kustomize's hash: ten characters of the SHA-256 of a JSON text in which the name is always empty (that
 * lookup never finds it), some digits and letters replaced so that no words come out (api/hasher).
 */
export function contentHash(root: YamlNode, kind: string): string {
  const encoded = goJson(kind === "Secret" ? secretContent(root) : configMapContent(root));
  const digest = sha256(new TextEncoder().encode(encoded)).slice(0, 10);
  return digest.replace(/[013ae]/g, (character) => replacements[character] as string);
}

const replacements: Readonly<Record<string, string>> = { "0": "g", "1": "h", "3": "k", a: "m", e: "t" };

function configMapContent(root: YamlNode): Json {
  const binary = field(root, "binaryData");
  return {
    kind: "ConfigMap",
    name: "",
    data: field(root, "data"),
    ...(typeof binary === "object" && binary !== null ? { binaryData: binary } : {}),
  };
}

function secretContent(root: YamlNode): Json {
  const strings = field(root, "stringData");
  return {
    kind: "Secret",
    type: field(root, "type"),
    name: "",
    data: field(root, "data"),
    ...(typeof strings === "object" && strings !== null ? { stringData: strings } : {}),
  };
}

function field(root: YamlNode, key: string): Json {
  const node = getChild(root, key);
  if (node === undefined) return "";
  return node.type === "map" || node.type === "list" ? nodeToJson(node) : node.text;
}
