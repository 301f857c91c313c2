import { formatIdentity, type ObjectIdentity, objectKey } from "@slipway/kubernetes/objects";
import { textAt } from "./fields.ts";
import type { CreatedNode, ObjectNode, ObjectSet } from "./object-set.ts";
import { edge } from "./rules/rule.ts";
import type { GraphEdge } from "./types.ts";

/** What controllers of the set make at run time, found when something asks for it. */
export interface CreatedThings {
  /** The node for this identity if something in the set makes it. The first call registers it. */
  find(id: ObjectIdentity): CreatedNode | undefined;
  readonly nodes: readonly CreatedNode[];
  /** Each thing waits for its maker. */
  readonly edges: readonly GraphEdge[];
}

interface Maker {
  readonly by: ObjectNode;
  readonly edge: Pick<GraphEdge, "kind" | "until" | "rule" | "reason">;
}

/** Indexes the makers: Certificates, Namespaces (service account `default`), and the facts' producers. */
export function findCreatedThings(set: ObjectSet): CreatedThings {
  const makers = new Map<string, Maker>();
  for (const certificate of set.ofKind("cert-manager.io", "Certificate")) {
    const name = textAt(certificate.object, "spec", "secretName");
    const namespace = certificate.id.namespace;
    if (!name || !namespace) continue;
    makers.set(objectKey({ group: "", kind: "Secret", namespace, name }), {
      by: certificate,
      edge: {
        kind: "hard",
        until: "ready",
        rule: "certificate-secret",
        reason: `spec.secretName of ${formatIdentity(certificate.id)} is ${name}; cert-manager writes it when the Certificate is issued`,
      },
    });
  }
  for (const namespace of set.ofKind("", "Namespace")) {
    const id = { group: "", kind: "ServiceAccount", namespace: namespace.id.name, name: "default" };
    makers.set(objectKey(id), {
      by: namespace,
      edge: {
        kind: "hard",
        until: "exists",
        rule: "default-account",
        reason: "Kubernetes makes ServiceAccount default in every namespace",
      },
    });
  }

  const nodes = new Map<string, CreatedNode>();
  const edges: GraphEdge[] = [];
  return {
    edges,
    get nodes() {
      return [...nodes.values()];
    },
    find(id) {
      const key = `created:${objectKey(id)}`;
      const known = nodes.get(key);
      if (known) return known;
      const maker = makers.get(objectKey(id)) ?? producerOf(set, id);
      if (!maker) return undefined;
      const { component } = maker.by;
      const node: CreatedNode = {
        type: "created",
        key,
        id,
        by: maker.by.key,
        ...(component === undefined ? {} : { component }),
      };
      nodes.set(key, node);
      edges.push(edge(node, maker.by, maker.edge));
      return node;
    },
  };
}

function producerOf(set: ObjectSet, id: ObjectIdentity): Maker | undefined {
  if (id.group !== "") return undefined;
  for (const producer of set.facts.producers ?? []) {
    if (producer.kind !== id.kind || producer.name !== id.name) continue;
    if (producer.namespace !== undefined && producer.namespace !== id.namespace) continue;
    const [by] = set.matching(producer.by);
    if (!by) continue;
    return {
      by,
      edge: {
        kind: "hard",
        until: "ready",
        rule: "producer",
        reason: `${formatIdentity(by.id)} writes ${formatIdentity(id)} at run time`,
      },
    };
  }
  return undefined;
}
