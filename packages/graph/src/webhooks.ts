import { groupOf, matchesLabelSelector, versionOf } from "@slipway/kubernetes/objects";
import type { JsonObject } from "@slipway/yaml";
import { labelsAt, mapAt, mapsAt, textAt, textsAt, valueAt } from "./fields.ts";
import type { ObjectNode, ObjectSet } from "./object-set.ts";
import type { GraphNode } from "./types.ts";

export type WebhookNode = Extract<GraphNode, { type: "webhook" }>;

/** One entry of a webhook configuration that calls a Service. */
export interface Webhook {
  readonly node: WebhookNode;
  readonly configuration: ObjectNode;
  readonly failClosed: boolean;
  readonly rules: readonly WebhookRule[];
  readonly exactVersion: boolean;
  readonly namespaceSelector: JsonObject;
  readonly objectSelector: JsonObject;
}

/** The part of a RuleWithOperations that decides about creations. */
export interface WebhookRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  /** Without subresource; `pods/*` covers `pods` too. */
  readonly resources: readonly string[];
  readonly scope: string;
}

/** A creation as admission sees it. `namespaceLabels` is absent for cluster-scoped objects and unknown namespaces. */
export interface Admitted {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
  /** Other versions that the same resource is served in; matchPolicy Equivalent looks at them too. */
  readonly otherVersions: readonly string[];
}

const group = "admissionregistration.k8s.io";

/** Reads the webhook configurations of the set. A missing failurePolicy is Fail, a missing port 443. */
export function readWebhooks(set: ObjectSet): readonly Webhook[] {
  const webhooks: Webhook[] = [];
  const configurations = [
    ...set.ofKind(group, "MutatingWebhookConfiguration"),
    ...set.ofKind(group, "ValidatingWebhookConfiguration"),
  ];
  for (const configuration of configurations) {
    for (const entry of mapsAt(configuration.object, "webhooks")) {
      const node = webhookNode(configuration, textAt(entry, "name") ?? "", mapAt(entry, "clientConfig"));
      if (!node) continue;
      webhooks.push({
        node,
        configuration,
        failClosed: textAt(entry, "failurePolicy") !== "Ignore",
        rules: mapsAt(entry, "rules").flatMap(readRule),
        exactVersion: textAt(entry, "matchPolicy") === "Exact",
        namespaceSelector: mapAt(entry, "namespaceSelector") ?? {},
        objectSelector: mapAt(entry, "objectSelector") ?? {},
      });
    }
  }
  return webhooks;
}

/** The node for a `clientConfig` that names a Service; none for one with a URL. */
export function webhookNode(
  configuration: ObjectNode,
  webhook: string,
  clientConfig: JsonObject | undefined,
): WebhookNode | undefined {
  const namespace = textAt(clientConfig, "service", "namespace");
  const name = textAt(clientConfig, "service", "name");
  if (!namespace || !name) return undefined;
  const port = valueAt(clientConfig, "service", "port");
  return {
    type: "webhook",
    key: `webhook:${configuration.id.kind}/${configuration.id.name}/${webhook}`,
    configuration: configuration.id,
    webhook,
    service: { namespace, name, port: typeof port === "number" ? port : 443 },
    ...(configuration.component === undefined ? {} : { component: configuration.component }),
  };
}

/**
 * Whether the API server calls the webhook for this creation (k8s.io/apiserver, admission/plugin/webhook:
 * rules, then namespaceSelector, then objectSelector). matchConditions are not evaluated: they can only make
 * fewer calls.
 */
export function admits(webhook: Webhook, admitted: Admitted): boolean {
  if (admitted.group === group) return false;
  return (
    webhook.rules.some((rule) => matchesRule(rule, admitted, webhook.exactVersion)) &&
    matchesNamespace(webhook, admitted) &&
    matchesLabelSelector(webhook.objectSelector, admitted.labels)
  );
}

function matchesRule(rule: WebhookRule, admitted: Admitted, exactVersion: boolean): boolean {
  return (
    covers(rule.resources, admitted.resource) &&
    covers(rule.groups, admitted.group) &&
    (covers(rule.versions, admitted.version) ||
      (!exactVersion && admitted.otherVersions.some((version) => rule.versions.includes(version)))) &&
    (rule.scope === "*" || (rule.scope === "Namespaced") === admitted.namespaced)
  );
}

function covers(patterns: readonly string[], value: string): boolean {
  return patterns.includes(value) || patterns.includes("*");
}

/** None for a rule that asks for no creation of a whole object. */
function readRule(rule: JsonObject): readonly WebhookRule[] {
  if (!covers(textsAt(rule, "operations"), "CREATE")) return [];
  const resources = textsAt(rule, "resources").flatMap((pattern) => {
    const [resource = "", subresource = "*"] = pattern.split("/");
    return subresource === "*" ? [resource] : [];
  });
  const scope = textAt(rule, "scope") ?? "*";
  return [{ groups: textsAt(rule, "apiGroups"), versions: textsAt(rule, "apiVersions"), resources, scope }];
}

/** A Namespace is selected by its own labels; other cluster-scoped objects match every selector. */
function matchesNamespace(webhook: Webhook, admitted: Admitted): boolean {
  if (admitted.group === "" && admitted.resource === "namespaces") {
    return matchesLabelSelector(webhook.namespaceSelector, admitted.labels);
  }
  if (!admitted.namespaced) return true;
  return matchesLabelSelector(webhook.namespaceSelector, admitted.namespaceLabels ?? {});
}

/** The creation of the object itself. */
export function admissionOf(set: ObjectSet, node: ObjectNode): Admitted {
  const info = set.kindOf(node);
  const version = versionOf(node.object.apiVersion);
  const namespaced = info?.namespaced ?? node.id.namespace !== undefined;
  return {
    group: groupOf(node.object.apiVersion),
    version,
    resource: info?.resource ?? `${node.id.kind.toLowerCase()}s`,
    namespaced,
    labels: withName(node, labelsAt(node.object, "metadata", "labels")),
    namespaceLabels: namespaced ? set.namespaceLabels(node.id.namespace ?? "default") : undefined,
    otherVersions: (info?.versions ?? []).filter((other) => other !== version),
  };
}

function withName(node: ObjectNode, labels: Readonly<Record<string, string>>): typeof labels {
  return node.id.kind === "Namespace" && node.id.group === ""
    ? { ...labels, "kubernetes.io/metadata.name": node.id.name }
    : labels;
}

/** The creation of a pod with these labels. */
export function podAdmission(
  labels: Readonly<Record<string, string>>,
  namespaceLabels: Readonly<Record<string, string>> | undefined,
): Admitted {
  return {
    group: "",
    version: "v1",
    resource: "pods",
    namespaced: true,
    labels,
    namespaceLabels,
    otherVersions: [],
  };
}
