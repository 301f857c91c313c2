// Which writes a webhook or policy is about (apiserver admission/plugin/webhook: rules, predicates).
import {
  builtin,
  findBuiltin,
  type KubernetesObject,
  matchesLabelSelector,
  type ResourceType,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { notFound } from "../server/status-errors.ts";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";
import { objectsAt, textAt, textsAt, valueAt } from "./read-json.ts";

const namespaces = builtin("", "Namespace");
const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");

/** Configurations of admission are never sent to webhooks, so that a broken one can be taken away. */
const exempt: ReadonlySet<string> = new Set([
  "mutatingwebhookconfigurations",
  "validatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
]);

/**
 * The version of the resource in which a webhook, or the constraints of a policy written as one, want to see the
 * object, or undefined when they are not about this write. Throws the server's refusal when the namespace of a
 * write is gone.
 */
export function matchResources(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  const { type } = attributes;
  if (type.group === "admissionregistration.k8s.io" && exempt.has(type.resource)) return undefined;
  const version = matchRules(webhook, attributes, reader);
  if (!version || !matchesNamespace(webhook, attributes, reader)) return undefined;
  return matchesObject(webhook, attributes) ? version : undefined;
}

function matchRules(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  const { type, operation, subresource = "", name } = attributes;
  const scope = type.namespaced ? "Namespaced" : "Cluster";
  const rules = rulesOf(webhook).filter(
    (rule) =>
      includes(rule.groups, type.group) &&
      includes(rule.operations, operation) &&
      (rule.scope === "*" || rule.scope === scope) &&
      (rule.names.length === 0 || rule.names.includes(name)) &&
      rule.resources.some((one) => matchesResource(one, type.resource, subresource)),
  );
  if (rules.length === 0) return undefined;
  const isWanted = (version: string) => rules.some((rule) => includes(rule.versions, version));
  if (isWanted(type.version)) return type;
  if (textAt(webhook, "matchPolicy") === "Exact") return undefined;
  return equivalents(type, reader).find(({ version }) => isWanted(version));
}

/** A rule of a webhook, taken apart once. */
interface Rule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  readonly operations: readonly string[];
  readonly scope: string;
  /** Names that the rule is for, which only those of policies have; none for all. */
  readonly names: readonly string[];
  readonly resources: readonly { readonly resource: string; readonly subresource: string }[];
}

/** Every write is held against every rule, so they are read once per state of their configuration. */
const parsed = new WeakMap<JsonObject, readonly Rule[]>();

function rulesOf(webhook: JsonObject): readonly Rule[] {
  let rules = parsed.get(webhook);
  if (!rules) {
    rules = objectsAt(webhook, "rules").map((rule) => ({
      groups: textsAt(rule, "apiGroups"),
      versions: textsAt(rule, "apiVersions"),
      operations: textsAt(rule, "operations"),
      scope: textAt(rule, "scope") ?? "*",
      names: textsAt(rule, "resourceNames"),
      resources: textsAt(rule, "resources").map((pattern) => {
        const [resource = "", subresource = ""] = pattern.split("/");
        return { resource, subresource };
      }),
    }));
    parsed.set(webhook, rules);
  }
  return rules;
}

function includes(patterns: readonly string[], value: string): boolean {
  return patterns.includes(value) || patterns.includes("*");
}

/** `*` is every resource but no subresource; `pods/*` every subresource of pods; every one of everything is the last. */
function matchesResource(
  pattern: { readonly resource: string; readonly subresource: string },
  resource: string,
  subresource: string,
): boolean {
  return (
    (pattern.resource === "*" || pattern.resource === resource) &&
    (pattern.subresource === "*" || pattern.subresource === subresource)
  );
}

/** The other served versions of a resource. Events are matched in the group of the request only. */
function equivalents(type: ResourceType, reader: AdmissionReader): ResourceType[] {
  if (type.group === "autoscaling") {
    const other = findBuiltin(type.group, type.kind, type.version === "v1" ? "v2" : "v1");
    return other ? [other] : [];
  }
  const definition = reader.get(definitions, undefined, `${type.resource}.${type.group}`);
  return objectsAt(definition, "spec", "versions")
    .filter((version) => version.served === true && version.name !== type.version)
    .map((version) => ({ ...type, version: String(version.name) }));
}

function matchesNamespace(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): boolean {
  const selector = valueAt(webhook, "namespaceSelector") ?? {};
  if (isEmptySelector(selector)) return true;
  const { type } = attributes;
  if (type.group === "" && type.resource === "namespaces") {
    const own = attributes.object ?? attributes.oldObject;
    return matchesLabelSelector(selector, own?.metadata.labels);
  }
  if (!type.namespaced || !attributes.namespace) return true;
  const namespace = reader.get(namespaces, undefined, attributes.namespace);
  if (!namespace) throw notFound(namespaces, attributes.namespace);
  return matchesLabelSelector(selector, namespace.metadata.labels);
}

function matchesObject(webhook: JsonObject, { object, oldObject }: AdmissionAttributes): boolean {
  const selector = valueAt(webhook, "objectSelector") ?? {};
  if (isEmptySelector(selector)) return true;
  const matches = (one: KubernetesObject | undefined) =>
    one !== undefined && matchesLabelSelector(selector, one.metadata.labels);
  return matches(object) || matches(oldObject);
}

function isEmptySelector(selector: Json): boolean {
  return objectsAt(selector, "matchExpressions").length === 0 && !valueAt(selector, "matchLabels");
}
