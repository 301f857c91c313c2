// What kustomize can't print or can't read again: the build fails, at the end or when a JSON patch prints the object.
import { resolvePlain, type YamlNode } from "@slipway/yaml";
import { hasCommentBehindKey } from "./merge/comment-schema.ts";
import { failure } from "./problem.ts";

/** Throws for those of the nodes that are still part of the trees and can't be printed. */
export function refuseUnprintable(nodes: readonly YamlNode[], roots: readonly YamlNode[]): void {
  if (nodes.length === 0) return;
  const suspects = new Set(nodes);
  const visit = (node: YamlNode): void => {
    if (suspects.has(node)) refuse(node);
    node.children.forEach(visit);
  };
  roots.forEach(visit);
}

/** Throws for any node of a tree that can't be printed. */
export function refuseUnprintableTree(root: YamlNode): void {
  refuse(root);
  root.children.forEach(refuseUnprintableTree);
}

function refuse(node: YamlNode): void {
  if (isMistyped(node)) {
    const reads = resolvePlain(node.text, "kustomize");
    throw failure("wrong-type", `cannot decode ${reads} \`${node.text}\` as ${node.type}`, { node });
  }
  if (isEmptied(node) && hasCommentBehindKey(node)) {
    throw failure(
      "emptied",
      `kustomize can't print ${node.key}, which has become empty, behind its comment`,
      {
        node,
        next: "Move the comment to a line of its own.",
      },
    );
  }
}

/** True for a text that does not read as its type, nor as an integer in the place of a float. */
export function isMistyped({ type, text }: YamlNode): boolean {
  if (type === "string" || type === "untagged" || type === "map" || type === "list") return false;
  const reads = resolvePlain(text, "kustomize");
  return reads !== type && !(type === "float" && reads === "integer");
}

/** True for a map or list in which nothing is left of what was read. */
export function isEmptied(node: YamlNode): boolean {
  return (node.type === "map" || node.type === "list") && node.children.length === 0 && node.source !== null;
}
