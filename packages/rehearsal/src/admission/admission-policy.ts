// ValidatingAdmissionPolicy (KEP-3488): rules in CEL that the server checks by itself.
import {
  builtin,
  type CelAuthorizer,
  compileCel,
  findBuiltin,
  type KubernetesObject,
  matchesLabelSelector,
  type ResourceType,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { reviewRequest } from "./admission-review.ts";
import { authorizerFor } from "./cel-authorizer.ts";
import { evaluateConditions, matchWebhook } from "./match-webhook.ts";
import { objectAt, objectsAt, textAt, textsAt, valueAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

const policies = builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicy");
const bindings = builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding");
const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
const namespaces = builtin("", "Namespace");

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** One thing that is wrong with a write, and what is to be done about it. */
interface Violation {
  /** Which policy by which binding. */
  readonly source: string;
  readonly text: string;
  readonly reason: string;
  readonly actions: readonly string[];
}

type Variables = { [name: string]: Json | undefined };

/**
 * Evaluates every policy that is bound and matches; the first violation with the action Deny refuses the write,
 * those with Warn are told. Audit annotations and type checking are left out.
 */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  async validate(attributes, reader) {
    const bound = reader.list(bindings);
    if (bound.length === 0) return;
    const request = reviewRequest(attributes, attributes.type, "");
    for (const policy of reader.list(policies)) {
      for (const binding of bound.filter(({ spec }) => textAt(spec, "policyName") === policy.metadata.name)) {
        if (!isMatched(policy, binding, attributes, reader, request)) continue;
        const failed = conditionsOf(policy, attributes, reader, request);
        if (failed === false) continue;
        if (typeof failed === "string") {
          act(violationBy(policy, binding)(failed), attributes, reader);
          continue;
        }
        for (const violation of violationsOf(policy, binding, attributes, reader, request)) {
          act(violation, attributes, reader);
        }
      }
    }
  },
};

function act(violation: Violation, attributes: AdmissionAttributes, reader: AdmissionReader): void {
  if (violation.actions.includes("Warn"))
    reader.warn(`Validation failed for ${violation.source}: ${violation.text}`);
  if (!violation.actions.includes("Deny")) return;
  const cause = `${violation.source} denied request: ${violation.text}`;
  const { message, details } = refuse(attributes, cause, {
    causes: [{ message: cause }],
  });
  throw new StatusError(codes[violation.reason] ?? 422, violation.reason, message, details);
}

function isMatched(
  policy: KubernetesObject,
  binding: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: JsonObject,
): boolean {
  const matches = (constraints: JsonObject) => {
    const asWebhook = { ...constraints, rules: constraints.resourceRules ?? [] };
    const excluded = { rules: constraints.excludeResourceRules ?? [] };
    return (
      matchWebhook(asWebhook, attributes, reader, () => request) !== undefined &&
      matchWebhook(excluded, attributes, reader, () => request) === undefined
    );
  };
  if (!matches(objectAt(policy, "spec", "matchConstraints"))) return false;
  const narrower = valueAt(binding, "spec", "matchResources");
  if (!narrower) return true;
  const resources = objectAt(binding, "spec", "matchResources");
  // A binding without rules only selects by labels.
  const every = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"] }];
  return matches({ ...resources, resourceRules: resources.resourceRules ?? every });
}

/** Whether the policy's own conditions hold, or why that cannot be said. */
function conditionsOf(
  policy: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: JsonObject,
): boolean | string {
  const { matchConditions, failurePolicy } = objectAt(policy, "spec");
  const own = { matchConditions: matchConditions ?? [], failurePolicy: failurePolicy ?? "Fail" };
  return evaluateConditions(own, attributes, reader, () => request);
}

function violationBy(policy: KubernetesObject, binding: KubernetesObject) {
  const source = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`;
  const actions = textsAt(binding, "spec", "validationActions");
  return (text: string, reason = "Invalid"): Violation => ({ source, text, reason, actions });
}

function violationsOf(
  policy: KubernetesObject,
  binding: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: JsonObject,
): Violation[] {
  const failsOpen = textAt(policy, "spec", "failurePolicy") === "Ignore";
  const violation = violationBy(policy, binding);
  const authorizer = authorizerFor(attributes, reader);
  const params = paramsOf(policy, binding, attributes, reader);
  if (params === "absent") {
    const denies = textAt(binding, "spec", "paramRef", "parameterNotFoundAction") !== "Allow";
    return denies && !failsOpen
      ? [
          violation(
            "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
          ),
        ]
      : [];
  }
  return params.flatMap((param) => {
    const { variables, failures } = variablesOf(policy, attributes, reader, request, param);
    return objectsAt(policy, "spec", "validations").flatMap((validation) => {
      const expression = textAt(validation, "expression") ?? "true";
      try {
        if (compileCel(expression).evaluate(variables, authorizer) === true) return [];
      } catch (error) {
        if (failsOpen) return [];
        return [
          violation(`expression '${expression}' resulted in error: ${describeFailure(error, failures)}`),
        ];
      }
      return [violation(messageOf(validation, variables, authorizer), textAt(validation, "reason"))];
    });
  });
}

function messageOf(validation: JsonObject, variables: Variables, authorizer: CelAuthorizer): string {
  const written = textAt(validation, "messageExpression");
  if (written) {
    try {
      const message = compileCel(written).evaluate(variables, authorizer);
      if (typeof message === "string" && message.trim() !== "" && !message.includes("\n")) return message;
    } catch {
      // A message that cannot be made gives way to the fixed one.
    }
  }
  return textAt(validation, "message") ?? `failed expression: ${textAt(validation, "expression")}`;
}

/** The variables of the expressions; those of the policy see the ones before them. */
function variablesOf(
  policy: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  request: JsonObject,
  params: KubernetesObject | undefined,
): { readonly variables: Variables; readonly failures: ReadonlyMap<string, string> } {
  const { object, oldObject, namespace, type } = attributes;
  const namespaceObject =
    type.namespaced && namespace ? reader.get(namespaces, undefined, namespace) : undefined;
  const own: JsonObject = {};
  const failures = new Map<string, string>();
  const authorizer = authorizerFor(attributes, reader);
  const variables: Variables = { object, oldObject, request, params, namespaceObject, variables: own };
  for (const { name, expression } of objectsAt(policy, "spec", "variables")) {
    try {
      own[String(name)] = compileCel(String(expression)).evaluate(variables, authorizer) as Json;
    } catch (error) {
      // A variable that nobody uses does no harm.
      failures.set(String(name), describeFailure(error, failures));
    }
  }
  return { variables, failures };
}

/** Whoever uses a variable that failed is told of that. */
function describeFailure(error: unknown, failures: ReadonlyMap<string, string>): string {
  const { message } = error as Error;
  const name = /^no such key: (\w+)$/.exec(message)?.[1] ?? "";
  const cause = failures.get(name);
  return cause === undefined ? message : `composited variable "${name}" fails to evaluate: ${cause}`;
}

/** The parameter objects to evaluate with, one after another; a single undefined where the policy takes none. */
function paramsOf(
  policy: KubernetesObject,
  binding: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): readonly (KubernetesObject | undefined)[] | "absent" {
  const kind = objectAt(policy, "spec", "paramKind");
  const reference = objectAt(binding, "spec", "paramRef");
  if (!textAt(kind, "kind") || Object.keys(reference).length === 0) return [undefined];
  const type = typeOf(kind, reader);
  if (!type) return "absent";
  const namespace = type.namespaced ? (textAt(reference, "namespace") ?? attributes.namespace) : undefined;
  const name = textAt(reference, "name");
  const found = name
    ? [reader.get(type, namespace, name)].filter((one) => one !== undefined)
    : reader
        .list(type, namespace)
        .filter(({ metadata }) => matchesLabelSelector(reference.selector, metadata.labels));
  return found.length > 0 ? found : "absent";
}

function typeOf(kind: JsonObject, reader: AdmissionReader): ResourceType | undefined {
  const apiVersion = textAt(kind, "apiVersion") ?? "";
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const name = textAt(kind, "kind") ?? "";
  const known = findBuiltin(group, name, version);
  if (known) return known;
  const definition = reader
    .list(definitions)
    .find(({ spec }) => textAt(spec, "group") === group && textAt(spec, "names", "kind") === name);
  const resource = textAt(definition, "spec", "names", "plural");
  if (!resource) return undefined;
  return {
    group,
    version,
    resource,
    kind: name,
    namespaced: textAt(definition, "spec", "scope") === "Namespaced",
  };
}
