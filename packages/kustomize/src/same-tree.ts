import type { YamlNode } from "@slipway/yaml";

/** True when two trees print alike because they hold the same keys and scalars in the same order. */
export function sameTree(left: YamlNode, right: YamlNode): boolean {
  if (left.type !== right.type || left.text !== right.text) return false;
  if (left.key !== right.key || left.quoted !== right.quoted) return false;
  if (left.tagged !== right.tagged || left.flow !== right.flow) return false;
  const { children } = left;
  if (children.length !== right.children.length) return false;
  for (let index = 0; index < children.length; index++) {
    if (!sameTree(children[index] as YamlNode, right.children[index] as YamlNode)) return false;
  }
  return true;
}
