// Gives a scalar the text of another but leaves its type: what an integer gets must read as an integer.
import { resolvePlain, type ScalarType, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import { isUntagged, setScalar } from "./set-value.ts";
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
  if (isUntagged(node)) {
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

/** Throws for those of the nodes that are still part of the trees and whose text is not of their type. */
export function refuseMistyped(nodes: readonly YamlNode[], roots: readonly YamlNode[]): void {
  if (nodes.length === 0) return;
  const suspects = new Set(nodes);
  const visit = (node: YamlNode): void => {
    if (suspects.has(node)) refuseWrongText(node);
    node.children.forEach(visit);
  };
  roots.forEach(visit);
}

/** Throws when the text of a scalar of the tree is not of its type: kustomize can't write it as JSON then. */
export function refuseWrongTexts(root: YamlNode): void {
  refuseWrongText(root);
  root.children.forEach(refuseWrongTexts);
}

function refuseWrongText(node: YamlNode): void {
  if (node.type === "string" || node.type === "map" || node.type === "list") return;
  const reads = resolvePlain(node.text, "kustomize");
  if (reads === node.type || (node.type === "float" && reads === "integer")) return;
  throw failure("wrong-type", `cannot decode ${reads} \`${node.text}\` as ${node.type}`, { node });
}
