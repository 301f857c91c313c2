import type { ObjectNode } from "../object-set.ts";
import { edge, type Rule } from "./rule.ts";

const kindsBeforePods: ReadonlySet<string> = new Set([
  "/ConfigMap",
  "/Secret",
  "/LimitRange",
  "/ResourceQuota",
]);

/**
 * Kind order within a component: programs read ConfigMaps and Secrets through the API without naming them in
 * their pods, so those of the same component and namespace come first.
 */
export const kindOrderRule: Rule = ({ set, add }) => {
  const before = new Map<string, ObjectNode[]>();
  const place = (node: ObjectNode) => `${node.component ?? ""}\n${node.id.namespace ?? ""}`;
  for (const node of set.nodes) {
    if (!kindsBeforePods.has(`${node.id.group}/${node.id.kind}`)) continue;
    const list = before.get(place(node));
    if (list) list.push(node);
    else before.set(place(node), [node]);
  }
  for (const { node } of set.workloads) {
    for (const config of before.get(place(node)) ?? []) {
      add(
        edge(node, config, {
          kind: "soft",
          until: "exists",
          rule: "kind-order",
          reason: `${config.id.kind} ${config.id.name} is of the same component and namespace, and may be read through the API`,
        }),
      );
    }
  }
};
