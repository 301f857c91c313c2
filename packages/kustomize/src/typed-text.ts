// Gives a scalar the text of another but leaves its type: what an integer gets must read as an integer.
import type { YamlNode } from "@slipway/yaml";
import { setScalar } from "./set-value.ts";
import type { Step } from "./step.ts";
import { isMistyped } from "./unprintable.ts";

/**
 * Sets the text. False when the node's type can't have it: that is an error once kustomize prints it, unless
 * the node has become a string by then, as annotations do.
 */
export function setTextKeepingType(node: YamlNode, text: string, step: Step): boolean {
  const { type } = node;
  if (type !== "map" && type !== "list") setScalar(node, text, step, type);
  return !isMistyped(node);
}
