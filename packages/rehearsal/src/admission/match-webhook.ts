// Which writes a webhook of a configuration is called for (apiserver admission/plugin/webhook: rules, predicates).
import {
  builtin,
  compileCel,
  findBuiltin,
  type KubernetesObject,
  matchesLabelSelector,
  type ResourceType,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { notFound } from "../server/status-errors.ts";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";
import { authorizerFor } from "./cel-authorizer.ts";
import { objectsAt, textAt, textsAt, valueAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

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
 * The version of the resource in which the webhook wants to see the object, or undefined when it is not called
 * for this write. Throws the server's refusal when a match condition cannot be evaluated and the webhook fails
 * closed, or when the namespace of a write is gone.
 */
export function matchWebhook(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: () => JsonObject,
): ResourceType | undefined {
  const { type } = attributes;
  if (type.group === "admissionregistration.k8s.io" && exempt.has(type.resource)) return undefined;
  const version = matchRules(webhook, attributes, reader);
  if (!version) return undefined;
  if (!matchesNamespace(webhook, attributes, reader)) return undefined;
  if (!matchesObject(webhook, attributes)) return undefined;
  const conditions = evaluateConditions(webhook, attributes, reader, request);
  if (typeof conditions === "string") throw refuse(attributes, conditions);
  return conditions ? version : undefined;
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

/**
 * Whether the conditions hold, or why that cannot be said. One that is false is enough not to call; one that fails
 * counts only when none is false and the failure is not ignored.
 */
export function evaluateConditions(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: () => JsonObject,
): boolean | string {
  const conditions = objectsAt(webhook, "matchConditions");
  if (conditions.length === 0) return true;
  const { object, oldObject } = attributes;
  const variables = { object, oldObject, request: request() };
  const failures: string[] = [];
  const authorizer = authorizerFor(attributes, reader);
  for (const condition of conditions) {
    const expression = textAt(condition, "expression") ?? "true";
    try {
      if (compileCel(expression).evaluate(variables, authorizer) !== true) return false;
    } catch (error) {
      failures.push(`expression '${expression}' resulted in error: ${(error as Error).message}`);
    }
  }
  if (failures.length === 0) return true;
  if (textAt(webhook, "failurePolicy") === "Ignore") return false;
  return failures.length === 1 ? `${failures[0]}` : `[${failures.join(", ")}]`;
}
