import { groupOf, versionOf } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { labelsAt, mapAt, mapsAt, textAt, textsAt, valueAt } from "./fields.ts";
import type { ObjectNode, ObjectSet } from "./object-set.ts";
import { matchesSelector } from "./selectors.ts";
import type { GraphNode } from "./types.ts";

export type WebhookNode = Extract<GraphNode, { type: "webhook" }>;

/** One entry of a webhook configuration that calls a Service. */
export interface Webhook {
  readonly node: WebhookNode;
  readonly configuration: ObjectNode;
  readonly failClosed: boolean;
  readonly rules: readonly JsonObject[];
  readonly exactVersion: boolean;
  readonly namespaceSelector: Json | undefined;
  readonly objectSelector: Json | undefined;
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
        rules: mapsAt(entry, "rules"),
        exactVersion: textAt(entry, "matchPolicy") === "Exact",
        namespaceSelector: entry.namespaceSelector,
        objectSelector: entry.objectSelector,
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
    matchesSelector(webhook.objectSelector, admitted.labels)
  );
}

function matchesRule(rule: JsonObject, admitted: Admitted, exactVersion: boolean): boolean {
  const operations = textsAt(rule, "operations");
  if (!operations.includes("CREATE") && !operations.includes("*")) return false;
  const scope = textAt(rule, "scope") ?? "*";
  if (scope !== "*" && (scope === "Namespaced") !== admitted.namespaced) return false;
  const groups = textsAt(rule, "apiGroups");
  if (!groups.includes("*") && !groups.includes(admitted.group)) return false;
  const versions = textsAt(rule, "apiVersions");
  const seen = exactVersion ? [admitted.version] : [admitted.version, ...admitted.otherVersions];
  if (!versions.includes("*") && !seen.some((version) => versions.includes(version))) return false;
  return textsAt(rule, "resources").some((pattern) => {
    const [resource, subresource] = pattern.split("/");
    if (subresource !== undefined && subresource !== "*") return false;
    return resource === "*" || resource === admitted.resource;
  });
}

/** A Namespace is selected by its own labels; other cluster-scoped objects match every selector. */
function matchesNamespace(webhook: Webhook, admitted: Admitted): boolean {
  if (admitted.group === "" && admitted.resource === "namespaces") {
    return matchesSelector(webhook.namespaceSelector, admitted.labels);
  }
  if (!admitted.namespaced) return true;
  return matchesSelector(webhook.namespaceSelector, admitted.namespaceLabels ?? {});
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
