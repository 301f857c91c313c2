// Gives a scalar the text of another but leaves its type: what an integer gets must read as an integer.
import { resolvePlain, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import { setScalar } from "./set-value.ts";
import type { Step } from "./step.ts";

/** Nodes that were made a moment ago and have no type yet take that of the text. */
export const untyped: WeakSet<YamlNode> = new WeakSet();

/** Sets the text. A type that the text can't have is an error, as it is when kustomize prints it. */
export function setTextKeepingType(node: YamlNode, text: string, step: Step): void {
  if (untyped.has(node)) {
    untyped.delete(node);
    node.quoted = false;
    setScalar(node, text, step);
    return;
  }
  const type = node.type;
  if (type === "string") {
    setScalar(node, text, step, "string");
    return;
  }
  const reads = resolvePlain(text, "kustomize");
  if (reads === type || (type === "float" && reads === "integer")) {
    setScalar(node, text, step, type === "float" ? "float" : reads);
    return;
  }
  throw failure("wrong-type", `cannot decode ${reads} \`${text}\` as ${type}`, { node });
}
