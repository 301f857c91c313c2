// Copies of objects that share nothing with the original that a build could change.
import { copyWithChildren, type YamlNode } from "@slipway/yaml";
import type { Resource } from "./resource.ts";

/** An independent copy; fields that are one node in the original are one node in the copy. */
export function copyResource(resource: Resource): Resource {
  return {
    ...resource,
    root: copyNode(resource.root, new Map()),
    previousIds: [...resource.previousIds],
    prefixes: [...resource.prefixes],
    suffixes: [...resource.suffixes],
    varNames: [...resource.varNames],
    trail: [...resource.trail],
    transformations: [...resource.transformations],
  };
}

/** Only what a step has made can stand in several places, so only that is looked up. */
function copyNode(node: YamlNode, shared: Map<YamlNode, YamlNode>): YamlNode {
  if (node.change !== null) {
    const known = shared.get(node);
    if (known !== undefined) return known;
  }
  const from = node.children;
  let children = from;
  if (node.type === "map" || node.type === "list") {
    children = new Array<YamlNode>(from.length);
    for (let index = 0; index < from.length; index++)
      children[index] = copyNode(from[index] as YamlNode, shared);
  }
  const copy = copyWithChildren(node, children);
  if (node.change !== null) shared.set(node, copy);
  return copy;
}
