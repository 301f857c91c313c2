import { formatIdentity, type ObjectIdentity } from "@slipway/kubernetes/objects";
import { textAt } from "../fields.ts";
import type { ObjectNode } from "../object-set.ts";
import type { WebhookNode } from "../webhooks.ts";
import { injectedCertificate } from "./certificates.ts";
import { edge, type RuleContext } from "./rule.ts";

/** What a webhook needs before it can answer: its configuration, its Service, the pods behind it, its CA. */
export function addWebhookNeeds(
  { set, add, resolve }: RuleContext,
  node: WebhookNode,
  configuration: ObjectNode,
): void {
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
