import type { ObjectNode } from "../object-set.ts";
import { type Admitted, admissionOf, podAdmission } from "../webhooks.ts";
import type { RuleContext } from "./rule.ts";

/** Something that is created when an object of the set is written: the object itself, or its pods. */
export interface Creation {
  readonly node: ObjectNode;
  readonly admitted: Admitted;
  /** What is created, for the reason: the object itself, or its pods. */
  readonly what: string;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Where the pods run; absent when a controller makes the namespace later. */
  readonly podNamespace?: string;
}

/** Every creation that admission sees: objects, their pods, and pods in namespaces made for tenants. */
export function listCreations({ set }: RuleContext): readonly Creation[] {
  const creations: Creation[] = [];
  for (const node of set.nodes) {
    creations.push({ node, admitted: admissionOf(set, node), what: "its creation" });
    const pods = set.podsOf(node);
    if (!pods || node.id.kind === "Pod") continue;
    const namespace = node.id.namespace ?? "default";
    creations.push({
      node,
      admitted: podAdmission(pods.labels, set.namespaceLabels(namespace)),
      what: `the creation of its pods (labels at ${pods.path.replace(/spec$/, "metadata.labels")}, namespace ${namespace})`,
      podAnnotations: pods.annotations,
      podNamespace: namespace,
    });
  }
  for (const tenant of set.facts.tenants ?? []) {
    for (const node of set.matching(tenant.of)) {
      creations.push({
        node,
        admitted: podAdmission(tenant.podLabels ?? {}, tenant.namespaceLabels),
        what: "the creation of pods in the namespace that a controller makes for it",
      });
    }
  }
  return creations;
}
