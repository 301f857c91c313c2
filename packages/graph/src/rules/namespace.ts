import { edge, type Rule } from "./rule.ts";

/** The API server refuses an object of a namespace that does not exist. */
export const namespaceRule: Rule = ({ set, add }) => {
  for (const node of set.nodes) {
    const name = node.id.namespace;
    const namespace = name && set.find({ group: "", kind: "Namespace", name });
    if (!namespace) continue;
    add(
      edge(node, namespace, {
        kind: "hard",
        until: "exists",
        rule: "namespace",
        reason: `metadata.namespace is ${name}`,
      }),
    );
  }
};
