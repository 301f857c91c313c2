// Gives a scalar the text of another but leaves its type: what an integer gets must read as an integer.
import { resolvePlain, type ScalarType, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import { setScalar } from "./set-value.ts";
import type { Step } from "./step.ts";

/** Nodes that were made a moment ago and have no type yet take that of the text. */
export const untyped: WeakSet<YamlNode> = new WeakSet();

/**
 * Sets the text. False when the node's type can't have it: that is an error once kustomize prints it, unless
 * the node has become a string by then, as annotations do.
 */
export function setTextKeepingType(node: YamlNode, text: string, step: Step): boolean {
  if (untyped.has(node)) {
    untyped.delete(node);
    node.quoted = false;
    setScalar(node, text, step);
    return true;
  }
  const type = node.type;
  if (type === "string") {
    setScalar(node, text, step, "string");
    return true;
  }
  const reads = resolvePlain(text, "kustomize");
  if (reads === type || (type === "float" && reads === "integer")) {
    setScalar(node, text, step, type === "float" ? "float" : reads);
    return true;
  }
  setScalar(node, text, step, type as ScalarType);
  return false;
}

/** Throws for nodes whose text is not of their type. */
export function refuseMistyped(nodes: readonly YamlNode[]): void {
  for (const node of nodes) {
    if (node.quoted || node.type === "string" || node.type === "map" || node.type === "list") continue;
    const reads = resolvePlain(node.text, "kustomize");
    if (reads === node.type || (node.type === "float" && reads === "integer")) continue;
    throw failure("wrong-type", `cannot decode ${reads} \`${node.text}\` as ${node.type}`, { node });
  }
}
