// Prints the YAML of a text inside a field.
import { nodeToJson, printJson, type YamlNode } from "@slipway/yaml";

/** The text of a tree. */
export function printSourceYaml(root: YamlNode): string {
  return printJson(nodeToJson(root));
}
