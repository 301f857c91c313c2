// MutatingAdmissionPolicy (KEP-3962): changes in CEL that the server makes by itself (apiserver
// admission/plugin/policy/mutating dispatcher.go, policy/generic policy_dispatcher.go).
import { builtin, equalJson, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import { StatusError } from "../server/status-error.ts";
import { createActivation, variablesOf } from "./activation.ts";
import type { AdmissionAttributes, AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { inVersion, reviewRequest } from "./admission-review.ts";
import { authorizerFor } from "./cel-authorizer.ts";
import { evaluateConditions } from "./match-conditions.ts";
import { matchBinding, matchPolicy, namespaceOf } from "./match-policy.ts";
import { appliedSchema, mutateObject } from "./mutate-object.ts";
import { ConfigurationError, collectParams, paramTypeOf } from "./policy-params.ts";
import { objectAt, objectsAt, textAt } from "./read-json.ts";
import { readPatched } from "./read-patched.ts";
import { refuse } from "./refuse.ts";

const policies = builtin("admissionregistration.k8s.io", "MutatingAdmissionPolicy");
const bindings = builtin("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding");

/** A policy by one of its bindings, with one of its parameters. */
interface Invocation {
  readonly policy: KubernetesObject;
  readonly source: string;
  readonly wanted: ResourceType;
  readonly params: KubernetesObject | undefined;
}

/** Why a policy cannot do what it is to do. */
interface Fault {
  readonly policy: KubernetesObject;
  readonly message: string;
  readonly reason?: string;
}

/**
 * Changes objects as the policies that are bound and match say. When one changed something, `reinvoke` (the mutating
 * plugins before it) run once more, and so do the policies with `reinvocationPolicy: IfNeeded`.
 */
export function mutatingAdmissionPolicy({
  reinvoke,
}: {
  readonly reinvoke: readonly AdmissionPlugin[];
}): AdmissionPlugin & { readonly again: AdmissionPlugin } {
  const name = "MutatingAdmissionPolicy";
  return {
    name,
    async admit(attributes, reader) {
      const object = runPolicies(attributes, reader, () => true);
      if (!object) return undefined;
      let current = { ...attributes, object };
      for (const plugin of reinvoke) {
        const changed = await plugin.admit?.(current, reader);
        if (changed) current = { ...current, object: changed };
      }
      return runPolicies(current, reader, isReinvoked) ?? current.object;
    },
    again: { name, admit: async (attributes, reader) => runPolicies(attributes, reader, isReinvoked) },
  };
}

function isReinvoked(policy: KubernetesObject): boolean {
  return textAt(policy, "spec", "reinvocationPolicy") === "IfNeeded";
}

/** The object as the policies change it; undefined when they do not. Throws the server's refusal. */
function runPolicies(
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  isMeant: (policy: KubernetesObject) => boolean,
): KubernetesObject | undefined {
  const all = reader.list(bindings);
  if (all.length === 0) return undefined;
  const faults: Fault[] = [];
  const invocations = reader
    .list(policies)
    .filter(isMeant)
    .flatMap((policy) => {
      const bound = all.filter(({ spec }) => textAt(spec, "policyName") === policy.metadata.name);
      return invocationsOf(policy, bound, attributes, reader, faults);
    });
  let current = attributes;
  for (const invocation of invocations) current = invoke(invocation, current, reader, faults);
  refuseFor(faults, attributes);
  const unchanged = !current.object || !attributes.object || equalJson(current.object, attributes.object);
  return unchanged ? undefined : current.object;
}

function invocationsOf(
  policy: KubernetesObject,
  bound: readonly KubernetesObject[],
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  faults: Fault[],
): Invocation[] {
  const { name } = policy.metadata;
  const wanted = bound.length > 0 ? matchPolicy(policy, attributes, reader) : undefined;
  if (!wanted) return [];
  const configured = <T>(what: string, source: string, use: () => readonly T[]): readonly T[] => {
    try {
      return use();
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const message = `${source} denied request: failed to configure ${what}: ${error.message}`;
      faults.push({ policy, message });
      return [];
    }
  };
  return configured("policy", `policy "${name}"`, () => {
    const paramType = paramTypeOf(policy, reader);
    return bound.flatMap((binding) => {
      if (!matchBinding(binding, attributes, reader)) return [];
      const source = `policy '${name}' with binding '${binding.metadata.name}'`;
      return configured("binding", source, () =>
        collectParams(binding, paramType, attributes.namespace, reader),
      ).map((params): Invocation => ({ policy, source, wanted, params }));
    });
  }).slice();
}

/** The write after one policy; what it cannot do is added to the faults. */
function invoke(
  { policy, source, wanted, params }: Invocation,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
  faults: Fault[],
): AdmissionAttributes {
  const spec = objectAt(policy, "spec");
  const fault = (message: string) =>
    faults.push({ policy, message: `${source} denied request: ${message}`, reason: "Invalid" });
  const base = { params, variables: variablesOf(spec), authorizer: authorizerFor(attributes, reader) };
  const namespaceObject = namespaceOf(attributes, reader);
  const conditions = evaluateConditions(
    spec,
    createActivation({ ...base, request: reviewRequest(attributes, wanted, "") }),
  );
  if (typeof conditions === "string") fault(conditions);
  if (conditions !== true) return attributes;
  let current = attributes;
  for (const mutation of objectsAt(spec, "mutations")) {
    const { object } = current;
    const schema = object && appliedSchema({ ...wanted, ...current.objectKind }, reader);
    if (!object || !schema) continue;
    const request = reviewRequest(current, wanted, "");
    const activation = createActivation({ ...base, request, namespaceObject });
    try {
      const before = objectAt(request, "object") as KubernetesObject;
      const changed = inVersion(mutateObject(mutation, before, activation, schema), object.apiVersion);
      current = { ...current, object: readPatched(changed, current) };
    } catch (error) {
      if (error instanceof StatusError) throw error;
      fault((error as Error).message);
    }
  }
  return current;
}

function refuseFor(all: readonly Fault[], attributes: AdmissionAttributes): void {
  const faults = all.filter(({ policy }) => textAt(policy, "spec", "failurePolicy") !== "Ignore");
  const [first] = faults;
  if (!first) return;
  const { code, reason, details } = refuse(attributes, "", {
    causes: faults.map(({ message }) => ({ message })),
  });
  throw new StatusError(code, first.reason ?? reason, first.message, details);
}
