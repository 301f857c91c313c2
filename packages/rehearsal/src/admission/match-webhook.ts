// Which writes a webhook of a configuration is called for (apiserver admission/plugin/webhook: rules, predicates).
import {
  builtin,
  type CelExpression,
  compileCel,
  type KubernetesObject,
  matchesLabelSelector,
  type ResourceType,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { notFound } from "../server/status-errors.ts";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";
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
  return meetsConditions(webhook, attributes, request) ? version : undefined;
}

function matchRules(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  const rules = objectsAt(webhook, "rules");
  const { type } = attributes;
  if (rules.some((rule) => matchesRule(rule, type, attributes))) return type;
  if (textAt(webhook, "matchPolicy") === "Exact") return undefined;
  return equivalents(type, reader).find((other) =>
    rules.some((rule) => matchesRule(rule, other, attributes)),
  );
}

function matchesRule(rule: JsonObject, type: ResourceType, attributes: AdmissionAttributes): boolean {
  return (
    includes(textsAt(rule, "operations"), attributes.operation) &&
    includes(textsAt(rule, "apiGroups"), type.group) &&
    includes(textsAt(rule, "apiVersions"), type.version) &&
    matchesScope(textAt(rule, "scope"), attributes) &&
    textsAt(rule, "resources").some((pattern) => matchesResource(pattern, type, attributes.subresource))
  );
}

function includes(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => pattern === "*" || pattern === value);
}

/** `*` is every resource but no subresource; `pods/*` every subresource of pods; every one of everything is the last. */
function matchesResource(pattern: string, type: ResourceType, subresource = ""): boolean {
  const [resource, sub = ""] = pattern.split("/");
  return (resource === "*" || resource === type.resource) && (sub === "*" || sub === subresource);
}

function matchesScope(scope: string | undefined, { type }: AdmissionAttributes): boolean {
  if (scope === undefined || scope === "*") return true;
  return (scope === "Namespaced") === type.namespaced;
}

/**
 * The other served versions of a custom resource. Built-in kinds that have several versions (autoscaling,
 * events) are matched in the version of the request only.
 */
function equivalents(type: ResourceType, reader: AdmissionReader): ResourceType[] {
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

const compiled = new Map<string, CelExpression>();

function compile(text: string): CelExpression {
  let expression = compiled.get(text);
  if (!expression) {
    expression = compileCel(text);
    compiled.set(text, expression);
  }
  return expression;
}

/** One condition that is false is enough not to call; one that fails counts only when none is false. */
function meetsConditions(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  request: () => JsonObject,
): boolean {
  const conditions = objectsAt(webhook, "matchConditions");
  if (conditions.length === 0) return true;
  const { object, oldObject } = attributes;
  const variables = { object, oldObject, request: request() };
  const failures: string[] = [];
  for (const condition of conditions) {
    const expression = textAt(condition, "expression") ?? "true";
    try {
      if (compile(expression).evaluate(variables) !== true) return false;
    } catch (error) {
      failures.push(
        `failed to evaluate match condition "${condition.name}": expression '${expression}' resulted in error: ${(error as Error).message}`,
      );
    }
  }
  if (failures.length === 0) return true;
  if (textAt(webhook, "failurePolicy") === "Ignore") return false;
  throw refuse(attributes, failures.length === 1 ? `${failures[0]}` : `[${failures.join(", ")}]`);
}
