// ValidatingAdmissionPolicy (KEP-3488): rules in CEL that the server checks by itself (apiserver
// admission/plugin/policy/validating dispatcher.go).
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { StatusError } from "../server/status-error.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { reviewRequest } from "./admission-review.ts";
import { authorizerFor } from "./cel-authorizer.ts";
import { evaluatePolicy, type Violation } from "./evaluate-policy.ts";
import { matchBinding, matchPolicy, namespaceOf } from "./match-policy.ts";
import { ConfigurationError, collectParams, paramTypeOf } from "./policy-params.ts";
import { textAt, textsAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

const policies = builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicy");
const bindings = builtin("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding");

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** A violation with the policy, and the binding if it is one's, that it comes from. */
type Refusal = Violation & { readonly source: string };

/**
 * Evaluates every policy that is bound and matches. All are asked, and what binding says so is told as a warning;
 * then the first violation with the action Deny refuses the write. The audit log is told what bindings want it to be,
 * and the policies' own annotations.
 */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: "ValidatingAdmissionPolicy",
  async validate(attributes, reader) {
    const all = reader.list(bindings);
    if (all.length === 0) return;
    const refusals = reader.list(policies).flatMap((policy) => {
      const bound = all.filter(({ spec }) => textAt(spec, "policyName") === policy.metadata.name);
      return bound.length === 0 ? [] : judge(policy, bound, attributes, reader);
    });
    const [first] = refusals;
    if (!first) return;
    const cause = `${first.source} denied request: ${first.message}`;
    const { message, details } = refuse(attributes, cause, { causes: [{ message: cause }] });
    const reason = first.reason ?? "Invalid";
    throw new StatusError(codes[reason] ?? 422, reason, message, details);
  },
};

/** Everything that one policy refuses; what it warns of is told. */
function judge(
  policy: KubernetesObject,
  bound: readonly KubernetesObject[],
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): Refusal[] {
  const source = `ValidatingAdmissionPolicy '${policy.metadata.name}'`;
  const wanted = matchPolicy(policy, attributes, reader);
  if (!wanted) return [];
  const failsOpen = textAt(policy, "spec", "failurePolicy") === "Ignore";
  const configured = (what: string, from: string, use: () => Refusal[]): Refusal[] => {
    try {
      return use();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const message = `failed to configure ${what}: ${error.message}`;
      return failsOpen ? [] : [{ source: from, message }];
    }
  };
  const annotations = new Map<string, Set<string>>();
  const refusals = configured("policy", source, () => {
    const paramType = paramTypeOf(policy, reader);
    return bound.flatMap((binding) => {
      if (!matchBinding(binding, attributes, reader)) return [];
      const by = `${source} with binding '${binding.metadata.name}'`;
      return configured("binding", by, () =>
        collectParams(binding, paramType, attributes.namespace, reader).flatMap((params) => {
          const outcome = evaluatePolicy(policy, {
            request: reviewRequest(attributes, wanted, ""),
            namespaceObject: namespaceOf(attributes, reader),
            params,
            authorizer: authorizerFor(attributes, reader),
          });
          for (const { key, value } of outcome.annotations) {
            annotations.set(key, (annotations.get(key) ?? new Set()).add(value.slice(0, longestAnnotation)));
          }
          const denied = act(by, binding, outcome.violations, reader);
          return [...denied, ...outcome.refusals].map((violation) => ({ ...violation, source: by }));
        }),
      );
    });
  });
  for (const [key, values] of annotations) {
    reader.annotate(`${policy.metadata.name}/${key}`, [...values].join(", "));
  }
  return refusals;
}

/** In characters. */
const longestAnnotation = 10 * 1024;

/** Does with violations what the binding wants, and returns those that refuse the write. */
function act(
  source: string,
  binding: KubernetesObject,
  violations: readonly Violation[],
  reader: AdmissionReader,
): readonly Violation[] {
  const actions = textsAt(binding, "spec", "validationActions");
  if (actions.includes("Warn")) {
    for (const { message } of violations) reader.warn(`Validation failed for ${source}: ${message}`);
  }
  if (actions.includes("Audit")) {
    for (const { message, index = 0 } of violations) {
      const policy = textAt(binding, "spec", "policyName") ?? "";
      const failure = { message, policy, binding: binding.metadata.name, expressionIndex: index };
      const value = JSON.stringify([{ ...failure, validationActions: actions }]).replace(/[<>&]/g, goEscape);
      reader.annotate("validation.policy.admission.k8s.io/validation_failure", value);
    }
  }
  return actions.includes("Deny") ? violations : [];
}

/** What Go's JSON does not write as it is. */
function goEscape(letter: string): string {
  return `\\u00${letter.charCodeAt(0).toString(16)}`;
}
