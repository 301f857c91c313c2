import { groupOf, matchesLabelSelector } from "@slipway/kubernetes/objects";
import { labelsAt, mapAt, textAt } from "../fields.ts";
import type { ObjectNode, ObjectSet, Workload } from "../object-set.ts";
import { edge, type Rule } from "./rule.ts";

/** An autoscaler has nothing to scale before its target exists. */
export const autoscalerRule: Rule = ({ set, add }) => {
  for (const scaler of set.ofKind("autoscaling", "HorizontalPodAutoscaler")) {
    const kind = textAt(scaler.object, "spec", "scaleTargetRef", "kind");
    const name = textAt(scaler.object, "spec", "scaleTargetRef", "name");
    const group = groupOf(textAt(scaler.object, "spec", "scaleTargetRef", "apiVersion") ?? "apps/v1");
    const namespace = scaler.id.namespace;
    const target = kind && name && set.find({ group, kind, name, ...(namespace ? { namespace } : {}) });
    if (!target) continue;
    add(
      edge(scaler, target, {
        kind: "hard",
        until: "exists",
        rule: "scale-target",
        reason: `spec.scaleTargetRef names ${kind} ${name}`,
      }),
    );
  }
};

/** What guards or addresses pods should be there before them: policies, Services; budgets come after them. */
export const podNeighbourRule: Rule = ({ set, add }) => {
  for (const budget of set.ofKind("policy", "PodDisruptionBudget")) {
    for (const { node } of selected(set, budget, "selector")) {
      add(
        edge(budget, node, {
          kind: "soft",
          until: "exists",
          rule: "disruption-budget",
          reason: `spec.selector selects the pods of ${node.id.kind} ${node.id.name}`,
        }),
      );
    }
  }
  for (const policy of set.ofKind("networking.k8s.io", "NetworkPolicy")) {
    for (const { node } of selected(set, policy, "podSelector")) {
      add(
        edge(node, policy, {
          kind: "soft",
          until: "exists",
          rule: "network-policy",
          reason: `spec.podSelector of NetworkPolicy ${policy.id.name} selects its pods, which should never run without it`,
        }),
      );
    }
  }
  for (const service of set.ofKind("", "Service")) {
    for (const { node } of set.workloadsBehind(service)) {
      add(
        edge(node, service, {
          kind: "soft",
          until: "exists",
          rule: "service",
          reason: `Service ${service.id.name} selects its pods (${formatLabels(labelsAt(service.object, "spec", "selector"))})`,
        }),
      );
    }
  }
};

function selected(set: ObjectSet, owner: ObjectNode, field: string): readonly Workload[] {
  const selector = mapAt(owner.object, "spec", field) ?? {};
  return set.workloads.filter(
    ({ node, pods }) =>
      node.id.namespace === owner.id.namespace && matchesLabelSelector(selector, pods.labels),
  );
}

function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}
