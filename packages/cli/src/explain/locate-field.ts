import { suggest } from "@slipway/kubernetes/objects";
import { type FieldPart, findField } from "@slipway/kustomize";
import { getChild, isScalar, ProblemError, type YamlNode } from "@slipway/yaml";
import { formatFieldPath } from "../input/field-path.ts";

/** The field of an object's tree; a ProblemError (`usage/unknown-field`) with what may be meant when there is none. */
export function locateField(root: YamlNode, path: readonly FieldPart[], object: string): YamlNode {
  let parent = root;
  for (const [index, part] of path.entries()) {
    const child = findField(parent, [part]);
    if (child === undefined) throw unknownField(parent, path.slice(0, index), part, object);
    parent = child;
  }
  return parent;
}

function unknownField(parent: YamlNode, before: readonly FieldPart[], part: FieldPart, object: string) {
  const known = partsOf(parent).map((each) => formatFieldPath([...before, each]));
  const wanted = formatFieldPath([...before, part]);
  const near = suggest(wanted, known);
  const shown = known.slice(0, 8).join(", ");
  const there = known.length === 0 ? "is no map and no list" : `has ${shown}${known.length > 8 ? ", …" : ""}`;
  return new ProblemError({
    code: "usage/unknown-field",
    message: `${object} has no field ${wanted}`,
    next:
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : `${formatFieldPath(before) || "the object"} ${there}`,
  });
}

/** The parts that lead to a node's children; list items by `name` where they have one. */
export function partsOf(node: YamlNode): FieldPart[] {
  if (node.type === "map") return node.children.map((child) => child.key);
  if (node.type !== "list") return [];
  return node.children.map((item, index) => {
    const name = getChild(item, "name");
    return name && isScalar(name) ? { key: "name", value: name.text } : index;
  });
}
