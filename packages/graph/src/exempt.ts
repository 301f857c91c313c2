import { objectKey } from "@slipway/kubernetes/objects";
import type { AdmittingWebhook } from "./rules/webhook.ts";
import type { Graph, GraphEdge } from "./types.ts";

/**
 * Keeps a webhook from waiting for itself. An object that a webhook needs before it can answer (its own
 * workload, that workload's configuration, its certificate) cannot wait for the webhook; the webhook's
 * configuration waits for the object instead, so that nothing asks the webhook while it is not there yet.
 *
 * @param binding the hard edges without those of the admitted
 */
export function exemptOwnNeeds(
  webhooks: readonly AdmittingWebhook[],
  binding: readonly GraphEdge[],
): {
  readonly kept: readonly GraphEdge[];
  readonly exempted: Graph["exempted"];
  readonly added: readonly GraphEdge[];
} {
  const needs = new Map<string, string[]>();
  for (const { from, to } of binding) {
    const list = needs.get(from);
    if (list) list.push(to);
    else needs.set(from, [to]);
  }
  const kept: GraphEdge[] = [];
  const exempted: Graph["exempted"][number][] = [];
  const added: GraphEdge[] = [];
  for (const [configuration, entries] of byConfiguration(webhooks)) {
    const needed = reachable(
      entries.map((entry) => entry.node.key),
      needs,
    );
    needed.delete(configuration);
    for (const { edge, ofPods } of entries.flatMap((entry) => entry.admitted)) {
      if (edge.from === configuration) continue;
      if (edge.kind === "soft" || !needed.has(edge.from)) {
        kept.push(edge);
        continue;
      }
      const isConversion = edge.rule === "conversion";
      exempted.push({
        edge,
        reason: isConversion
          ? "the webhook itself needs it"
          : "the webhook itself needs it, so its configuration is written after it instead",
      });
      if (isConversion) continue;
      added.push({
        from: configuration,
        to: edge.from,
        kind: "hard",
        until: ofPods ? "ready" : "exists",
        rule: "webhook-own-needs",
        reason: `its webhook would refuse what it needs itself: ${edge.reason}`,
      });
    }
  }
  return { kept, exempted, added };
}

function byConfiguration(webhooks: readonly AdmittingWebhook[]): Map<string, AdmittingWebhook[]> {
  const groups = new Map<string, AdmittingWebhook[]>();
  for (const webhook of webhooks) {
    const key = objectKey(webhook.configuration.id);
    const group = groups.get(key);
    if (group) group.push(webhook);
    else groups.set(key, [webhook]);
  }
  return groups;
}

function reachable(starts: readonly string[], needs: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set(starts);
  for (const key of seen) for (const next of needs.get(key) ?? []) seen.add(next);
  return seen;
}
