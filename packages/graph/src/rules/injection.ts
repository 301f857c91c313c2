import { formatIdentity } from "@slipway/kubernetes/objects";
import type { Injection } from "../facts.ts";
import { admits, type Webhook } from "../webhooks.ts";
import type { Creation } from "./creations.ts";
import { edge, type RuleContext } from "./rule.ts";

/** Pods that a webhook changes need what it adds to them. */
export function addInjected(
  { set, add, resolve }: RuleContext,
  webhook: Webhook,
  creations: readonly Creation[],
): void {
  const injections = (set.facts.injections ?? []).filter(
    (injection) => injection.configuration === webhook.configuration.id.name,
  );
  for (const injection of injections) {
    for (const { node, admitted, podAnnotations, podNamespace } of creations) {
      if (admitted.resource !== "pods" || !admits(webhook, admitted)) continue;
      if (podAnnotations && passesUnchanged(injection, podAnnotations)) continue;
      for (const target of injection.waitsFor.flatMap((pattern) => set.matching(pattern))) {
        add(
          edge(node, target, {
            kind: "hard",
            until: "ready",
            rule: "injection",
            reason: `webhook ${webhook.node.webhook} changes its pods so that they need ${formatIdentity(target.id)}`,
          }),
        );
      }
      if (podNamespace === undefined) continue;
      for (const { kind, name } of injection.mounts) {
        const target = resolve({ group: "", kind, namespace: podNamespace, name });
        if (!target) continue;
        add(
          edge(node, target, {
            kind: "hard",
            until: "exists",
            rule: "injection",
            reason: `webhook ${webhook.node.webhook} adds a mount of ${kind} ${name} to its pods`,
          }),
        );
      }
    }
  }
}

function passesUnchanged({ unless }: Injection, annotations: Readonly<Record<string, string>>): boolean {
  return unless !== undefined && annotations[unless.annotation] === unless.value;
}
