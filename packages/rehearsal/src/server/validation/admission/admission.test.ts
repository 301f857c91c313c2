import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFieldErrors, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { mutatingPolicyValidators } from "./mutating-policies.ts";
import { policyValidators } from "./validating-policies.ts";
import { webhookValidators } from "./webhooks.ts";

const validators = { ...policyValidators, ...mutatingPolicyValidators, ...webhookValidators };

function object(body: JsonObject): KubernetesObject {
  return { apiVersion: "admissionregistration.k8s.io/v1", kind: "Any", metadata: { name: "a" }, ...body };
}

function errorsOf(resource: string, body: JsonObject, old?: JsonObject): string[] {
  const validate = validators[`admissionregistration.k8s.io/${resource}`]?.validate;
  assert.ok(validate);
  const errors = validate(object(body), old && object(old));
  return errors.map((error) => formatFieldErrors([error]));
}

const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
const policySpec = (spec: JsonObject): JsonObject => ({
  spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: "true" }], ...spec },
});

test("every expression of a policy is compiled for what it is to give", () => {
  const errors = errorsOf(
    "validatingadmissionpolicies",
    policySpec({
      matchConditions: [{ name: "a", expression: " variables.n == 1" }],
      variables: [{ name: "n", expression: "1" }],
      validations: [
        { expression: "variables.n", messageExpression: "1" },
        { expression: "variables.n == 1", messageExpression: "authorizer" },
      ],
      auditAnnotations: [{ key: "a", valueExpression: " variables.n " }],
    }),
  );
  assert.deepEqual(
    errors.map((text) => text.split("\n")[0]),
    [
      "spec.matchConditions[0].expression: Invalid value: \"variables.n == 1\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')",
      'spec.validations[0].expression: Invalid value: "variables.n": must evaluate to bool but got int',
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int',
      "spec.validations[1].messageExpression: Invalid value: \"authorizer\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'authorizer' (in container '')",
      'spec.auditAnnotations[0].valueExpression: Invalid value: " variables.n ": must evaluate to one of [string null_type] but got int',
    ],
  );
});

test("conditions that stay as they were are not looked at again", () => {
  const conditions = { matchConditions: [{ name: "a", expression: "nothing" }] };
  const policies = "validatingadmissionpolicies";
  assert.equal(errorsOf(policies, policySpec(conditions)).length, 1);
  assert.deepEqual(errorsOf(policies, policySpec(conditions), policySpec(conditions)), []);
  assert.equal(errorsOf(policies, policySpec(conditions), policySpec({})).length, 1);
  const hooks = { webhooks: [webhook(conditions)] };
  assert.equal(errorsOf("validatingwebhookconfigurations", hooks).length, 1);
  assert.deepEqual(errorsOf("validatingwebhookconfigurations", hooks, hooks), []);
});

test("parameters are there for a policy that takes them", () => {
  const reading = { validations: [{ expression: "params.a == 1", messageExpression: "string(params.b)" }] };
  const paramKind = { apiVersion: "v1", kind: "ConfigMap" };
  assert.equal(errorsOf("validatingadmissionpolicies", policySpec(reading)).length, 2);
  assert.deepEqual(errorsOf("validatingadmissionpolicies", policySpec({ ...reading, paramKind })), []);
});

function webhook(body: JsonObject): JsonObject {
  return {
    name: "a.example.com",
    admissionReviewVersions: ["v1"],
    sideEffects: "None",
    clientConfig: { url: "https://example.com" },
    rules: [rule],
    ...body,
  };
}

test("a webhook is somewhere, and asks about something", () => {
  const found = (body: JsonObject) =>
    errorsOf("mutatingwebhookconfigurations", { webhooks: [webhook(body)] }).map((text) =>
      text.replace("webhooks[0].", ""),
    );
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ clientConfig: { url: "http://me@/?a#b" } }), [
    "clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
    'clientConfig.url: Invalid value: "": host must be specified; desired format: https://host[/path]',
    'clientConfig.url: Invalid value: "me": user information is not permitted in the URL',
    'clientConfig.url: Invalid value: "b": fragments are not permitted in the URL',
    'clientConfig.url: Invalid value: "a": query parameters are not permitted in the URL',
  ]);
  assert.deepEqual(
    found({ clientConfig: { service: { namespace: "a", name: "b", port: 0, path: "/a//b" } } }),
    [
      "clientConfig.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive",
      'clientConfig.service.path: Invalid value: "/a//b": segment[1] may not be empty',
    ],
  );
  assert.deepEqual(
    found({ rules: [{ ...rule, apiGroups: ["*", "a"], resources: ["pods/*", "pods/log"] }] }),
    [
      'rules[0].apiGroups: Invalid value: ["*","a"]: if \'*\' is present, must not specify other API groups',
      "rules[0].resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, must not specify pods/log",
    ],
  );
});

test("a mutation makes an object or patches", () => {
  const mutations = (...list: JsonObject[]) =>
    errorsOf("mutatingadmissionpolicies", policySpec({ reinvocationPolicy: "Never", mutations: list }));
  const apply = (expression: string) => ({
    patchType: "ApplyConfiguration",
    applyConfiguration: { expression },
  });
  const patch = (expression: string) => ({ patchType: "JSONPatch", jsonPatch: { expression } });
  assert.deepEqual(mutations(apply("Object{a: 1}"), patch("[JSONPatch{op: 'add', path: '/a'}]")), []);
  assert.deepEqual(mutations(apply("1"), patch("Object{}"), { patchType: "JSONPatch" }), [
    'spec.mutations[0].applyConfiguration.expression: Invalid value: "1": must evaluate to Object but got int',
    'spec.mutations[1].jsonPatch.expression: Invalid value: "Object{}": must evaluate to list(JSONPatch) but got Object',
    "spec.mutations[2].jsonPatch: Required value: must be specified when patchType is JSONPatch",
  ]);
});

test("nothing can be changed of what goes away", () => {
  const resources = { resourceRules: [{ ...rule, operations: ["DELETE"] }] };
  const expected = 'Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"';
  const spec = { policyName: "a", matchResources: resources };
  assert.deepEqual(errorsOf("mutatingadmissionpolicybindings", { spec }), [
    `spec.matchResources.resourceRules.operations: ${expected}`,
  ]);
});
