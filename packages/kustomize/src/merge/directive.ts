// `$patch: delete|replace|merge` inside a strategic merge patch.
import { getChild, removeChild, type YamlNode } from "@slipway/yaml";
import { failure } from "../problem.ts";

export type Directive = "merge" | "replace" | "delete";

const key = "$patch";

/** The directive of a map or list of a patch, which is taken out of it. */
export function takeDirective(patch: YamlNode | null): Directive {
  if (patch === null) return "merge";
  if (patch.type === "map") {
    const node = getChild(patch, key);
    if (node === undefined || node.type === "null") return "merge";
    const directive = parse(node);
    removeChild(patch, key);
    return directive;
  }
  if (patch.type === "list") return takeListDirective(patch);
  throw failure("wrong-patch", `no implemented strategic merge patch strategy for a ${patch.type} here`, {
    node: patch,
  });
}

/** A list's directive is an item that holds nothing else. */
function takeListDirective(patch: YamlNode): Directive {
  const item = patch.children.find((child) => getChild(child, key) !== undefined);
  const node = getChild(item, key);
  if (item === undefined || node === undefined || item.children.length > 1) return "merge";
  const directive = parse(node);
  patch.children = patch.children.filter((child) => getChild(child, key)?.text !== node.text);
  return directive;
}

function parse(node: YamlNode): Directive {
  if (node.text === "delete" || node.text === "replace" || node.text === "merge") return node.text;
  throw failure("wrong-patch", `unknown patch strategy '${node.text}'`, {
    node,
    next: "Use delete, replace or merge.",
  });
}
