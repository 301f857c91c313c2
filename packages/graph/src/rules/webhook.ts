import { formatIdentity, versionOf } from "@slipway/kubernetes/objects";
import { mapAt, textAt } from "../fields.ts";
import type { ObjectNode } from "../object-set.ts";
import type { GraphEdge } from "../types.ts";
import { admits, readWebhooks, type Webhook, type WebhookNode, webhookNode } from "../webhooks.ts";
import { type Creation, listCreations } from "./creations.ts";
import { addInjected } from "./injection.ts";
import { edge, type RuleContext } from "./rule.ts";
import { addWebhookNeeds } from "./webhook-needs.ts";

/** A webhook of the graph and the objects whose creation, or whose pods' creation, it admits. */
export interface AdmittingWebhook {
  readonly node: WebhookNode;
  readonly configuration: ObjectNode;
  readonly admitted: readonly Admission[];
}

/** Someone waits for a webhook because the object, or only its pods, are admitted by it. */
export interface Admission {
  readonly edge: GraphEdge;
  readonly ofPods: boolean;
}

/**
 * Finds who is admitted by which webhook, and what each webhook needs before it can answer: its
 * configuration, its Service, the pods behind it, and its certificate. The edges of the admitted are
 * returned, not added: some have to be exempted.
 */
export function findWebhooks(context: RuleContext): readonly AdmittingWebhook[] {
  const found: AdmittingWebhook[] = [];
  const creations = listCreations(context);
  for (const webhook of readWebhooks(context.set)) {
    const admitted = creations
      .filter(({ admitted }) => admits(webhook, admitted))
      .map((creation) => ({
        edge: admissionEdge(webhook, creation),
        ofPods: creation.admitted.resource === "pods",
      }));
    if (!webhook.failClosed && admitted.length === 0) continue;
    addWebhookNeeds(context, webhook.node, webhook.configuration);
    found.push({ node: webhook.node, configuration: webhook.configuration, admitted });
    addInjected(context, webhook, creations);
  }
  return [...found, ...findConversions(context)];
}

function admissionEdge({ node, configuration, failClosed }: Webhook, creation: Creation): GraphEdge {
  const admits = `webhook ${node.webhook} of ${formatIdentity(configuration.id)} admits ${creation.what}`;
  return edge(creation.node, node, {
    kind: failClosed ? "webhook" : "soft",
    until: "ready",
    rule: "webhook-admits",
    reason: failClosed ? `${admits} and fails closed` : `${admits} (failurePolicy Ignore)`,
  });
}

/** Objects in another version than the stored one are converted by the definition's webhook when written. */
function findConversions(context: RuleContext): readonly AdmittingWebhook[] {
  const { set } = context;
  const converted = new Map<ObjectNode, ObjectNode[]>();
  for (const node of set.nodes) {
    const info = set.kindOf(node);
    if (!info?.definition || !info.storageVersion) continue;
    if (versionOf(node.object.apiVersion) === info.storageVersion) continue;
    if (textAt(info.definition, "spec", "conversion", "strategy") !== "Webhook") continue;
    const definition = set.find({
      group: "apiextensions.k8s.io",
      kind: "CustomResourceDefinition",
      name: info.definition.metadata.name,
    });
    if (!definition) continue;
    const list = converted.get(definition);
    if (list) list.push(node);
    else converted.set(definition, [node]);
  }
  const found: AdmittingWebhook[] = [];
  for (const [definition, nodes] of converted) {
    const clientConfig = mapAt(definition.object, "spec", "conversion", "webhook", "clientConfig");
    const webhook = webhookNode(definition, "conversion", clientConfig);
    if (!webhook) continue;
    addWebhookNeeds(context, webhook, definition);
    found.push({
      node: webhook,
      configuration: definition,
      admitted: nodes.map((node) => ({
        ofPods: false,
        edge: edge(node, webhook, {
          kind: "webhook",
          until: "ready",
          rule: "conversion",
          reason: `apiVersion ${node.object.apiVersion} is converted to version ${set.kindOf(node)?.storageVersion} by the webhook of ${formatIdentity(definition.id)}`,
        }),
      })),
    });
  }
  return found;
}
