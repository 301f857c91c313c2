import { formatIdentity, type ObjectIdentity, versionOf } from "@slipway/kubernetes";
import type { Injection } from "../facts.ts";
import { mapAt, textAt } from "../fields.ts";
import type { ObjectNode } from "../object-set.ts";
import type { GraphEdge } from "../types.ts";
import {
  type Admitted,
  admissionOf,
  admits,
  podAdmission,
  readWebhooks,
  type Webhook,
  type WebhookNode,
  webhookNode,
} from "../webhooks.ts";
import { injectedCertificate } from "./certificates.ts";
import { edge, type RuleContext } from "./rule.ts";

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
    addNeeds(context, webhook.node, webhook.configuration);
    found.push({ node: webhook.node, configuration: webhook.configuration, admitted });
    addInjected(context, webhook, creations);
  }
  return [...found, ...findConversions(context)];
}

interface Creation {
  readonly node: ObjectNode;
  readonly admitted: Admitted;
  /** What is created, for the reason: the object itself, or its pods. */
  readonly what: string;
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** Where the pods run; absent when a controller makes the namespace later. */
  readonly podNamespace?: string;
}

function listCreations({ set }: RuleContext): readonly Creation[] {
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

function admissionEdge({ node, configuration, failClosed }: Webhook, creation: Creation): GraphEdge {
  const admits = `webhook ${node.webhook} of ${formatIdentity(configuration.id)} admits ${creation.what}`;
  return edge(creation.node, node, {
    kind: failClosed ? "webhook" : "soft",
    until: "ready",
    rule: "webhook-admits",
    reason: failClosed ? `${admits} and fails closed` : `${admits} (failurePolicy Ignore)`,
  });
}

function addNeeds({ set, add, resolve }: RuleContext, node: WebhookNode, configuration: ObjectNode): void {
  const { namespace, name, port } = node.service;
  add(
    edge(node, configuration, {
      kind: "hard",
      until: configuration.id.kind === "CustomResourceDefinition" ? "ready" : "exists",
      rule: "webhook-configuration",
      reason: `it is an entry of ${formatIdentity(configuration.id)}`,
    }),
  );
  const service = set.find({ group: "", kind: "Service", namespace, name });
  if (service) {
    add(
      edge(node, service, {
        kind: "hard",
        until: "exists",
        rule: "webhook-service",
        reason: `clientConfig.service names ${namespace}/${name}:${port}`,
      }),
    );
    for (const { node: backing } of set.workloadsBehind(service)) {
      add(
        edge(node, backing, {
          kind: "hard",
          until: "ready",
          rule: "webhook-backing",
          reason: `Service ${namespace}/${name} selects the pods of ${formatIdentity(backing.id)}`,
        }),
      );
    }
  }
  const injected = injectedCertificate(set, configuration);
  if (injected) {
    const secretName = textAt(injected.certificate.object, "spec", "secretName") ?? "";
    const secretId: ObjectIdentity = {
      group: "",
      kind: "Secret",
      namespace: injected.certificate.id.namespace ?? "",
      name: secretName,
    };
    const target = resolve(secretId) ?? injected.certificate;
    add(
      edge(node, target, {
        kind: "hard",
        until: target.type === "created" ? "exists" : "ready",
        rule: "webhook-certificate",
        reason: injected.reason,
      }),
    );
  }
  addCaInjector({ set, add }, node, configuration);
}

function addCaInjector(
  { set, add }: Pick<RuleContext, "set" | "add">,
  node: WebhookNode,
  configuration: ObjectNode,
): void {
  const annotations = configuration.object.metadata.annotations ?? {};
  for (const injector of set.facts.caInjectors ?? []) {
    const annotation = injector.annotations.find((name) => annotations[name] !== undefined);
    if (!annotation) continue;
    for (const by of set.matching(injector.by)) {
      add(
        edge(node, by, {
          kind: "hard",
          until: "ready",
          rule: "ca-injector",
          reason: `metadata.annotations[${annotation}] asks ${formatIdentity(by.id)} for its caBundle`,
        }),
      );
    }
  }
}

/** Pods that a webhook changes need what it adds to them. */
function addInjected(
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
    addNeeds(context, webhook, definition);
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
