// Documents of a case's text that hold anything.
import { readNodes, type YamlNode } from "@slipway/yaml";

/** All documents but the empty ones. */
export function documentsOf(text: string): YamlNode[] {
  return readNodes(text, { dialect: "kustomize" }).filter((node) => node.type !== "null");
}
