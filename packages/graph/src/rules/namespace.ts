import { edge, type Rule } from "./rule.ts";

/** Namespaces that every cluster has. */
const builtinNamespaces: ReadonlySet<string> = new Set([
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
]);

/** The API server refuses an object of a namespace that does not exist. A missing one is told once. */
export const namespaceRule: Rule = ({ set, add, miss }) => {
  const missed = new Set<string>();
  for (const node of set.nodes) {
    const name = node.id.namespace;
    if (name === undefined) continue;
    const id = { group: "", kind: "Namespace", name };
    const namespace = set.find(id);
    const reason = `metadata.namespace is ${name}`;
    if (namespace) add(edge(node, namespace, { kind: "hard", until: "exists", rule: "namespace", reason }));
    else if (!builtinNamespaces.has(name) && !set.namespaceLabels(name) && !missed.has(name)) {
      missed.add(name);
      miss({ from: node.key, id, reason });
    }
  }
};
