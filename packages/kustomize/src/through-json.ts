// What becomes of an object that kustomize turns into JSON and back.
import {
  booleanValue,
  formatShortest,
  needsQuotes,
  nodeToJson,
  printedType,
  resolvePlain,
  timestampToRfc3339,
  type YamlNode,
} from "@slipway/yaml";
import { goNumber } from "./go-json.ts";
import { dropComments } from "./merge/comment-schema.ts";

/**
 * Changes a tree in place: numbers take the form that Go gives to a float64, words that mean true and false are
 * written out, comments are gone. `yaml` is for objects that are printed as YAML before they are read again: strings
 * are in quotes if they need them. `json` is for those that are read from the JSON itself: all strings are in quotes,
 * and maps and lists in braces and brackets.
 */
export function throughJson(root: YamlNode, form: "yaml" | "json"): void {
  convert(root, form, false);
  dropComments(root);
}

function convert(node: YamlNode, form: "yaml" | "json", inFlow: boolean): void {
  const type = printedType(node, inFlow);
  const value = type === "integer" || type === "float" ? (nodeToJson(node) as number) : 0;
  node.type = type;
  node.tagged = false;
  switch (type) {
    case "map":
    case "list": {
      const flow = inFlow || node.flow;
      for (const child of node.children) convert(child, form, flow);
      node.flow = form === "json";
      return;
    }
    case "integer":
    case "float":
      node.text = form === "yaml" ? formatShortest(value) : goNumber(value);
      node.type = resolvePlain(node.text, "kustomize");
      node.quoted = false;
      return;
    case "boolean":
      node.text = String(booleanValue(node.text));
      node.quoted = false;
      return;
    case "null":
      node.text = "null";
      node.quoted = false;
      return;
    case "timestamp":
      node.text = timestampToRfc3339(node.text) ?? node.text;
      node.type = "string";
      break;
  }
  node.quoted = form === "json" || needsQuotes(node.text);
}
