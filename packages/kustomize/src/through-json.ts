// What becomes of an object that kustomize turns into JSON and back.
import {
  booleanValue,
  formatShortest,
  nodeToJson,
  printedType,
  resolvePlain,
  timestampToRfc3339,
  type YamlNode,
} from "@slipway/yaml";
import { dropComments } from "./merge/comment-schema.ts";
import { markUntagged } from "./set-value.ts";

/**
 * Changes a tree in place: numbers take the form that Go gives to a float64, words that mean true and false are
 * written out, comments are gone. Strings are in quotes if they need them, or all of them where kustomize reads
 * the JSON itself.
 */
export function throughJson(root: YamlNode, quotesAll = false): void {
  convert(root, quotesAll);
  dropComments(root);
}

function convert(node: YamlNode, quotesAll: boolean): void {
  node.type = printedType(node);
  markUntagged(node, false);
  switch (node.type) {
    case "map":
    case "list":
      for (const child of node.children) convert(child, quotesAll);
      return;
    case "integer":
    case "float":
      node.text = formatShortest(nodeToJson(node) as number);
      node.type = resolvePlain(node.text, "kustomize") as "integer" | "float";
      node.quoted = false;
      return;
    case "boolean":
      node.text = String(booleanValue(node.text));
      return;
    case "null":
      node.text = "null";
      return;
    case "timestamp":
      node.text = timestampToRfc3339(node.text) ?? node.text;
      node.type = "string";
      node.quoted = true;
      return;
    case "string":
      node.quoted =
        quotesAll || resolvePlain(node.text, "kustomize") !== "string" || node.text.includes("\n");
  }
}
