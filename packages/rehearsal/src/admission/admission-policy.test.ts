import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { validatingAdmissionPolicy } from "./admission-policy.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";

const api = "admissionregistration.k8s.io/v1";

function policy(spec: JsonObject): KubernetesObject {
  const resourceRules = [
    { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["deployments"] },
  ];
  return {
    apiVersion: api,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "few-replicas" },
    spec: { matchConstraints: { resourceRules }, ...spec },
  };
}

function binding(spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: api,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "everywhere" },
    spec: { policyName: "few-replicas", validationActions: ["Deny"], ...spec },
  };
}

const deployment = (replicas: number): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "team" },
  spec: { replicas },
});
const limits: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "limits", namespace: "team" },
  data: { max: "3" },
};

async function check(object: KubernetesObject, ...objects: KubernetesObject[]): Promise<readonly string[]> {
  const reader = createTestReader(objects);
  await validatingAdmissionPolicy.validate!(createTestAttributes(object), reader);
  return reader.warnings;
}

const atMostFive = { validations: [{ expression: "object.spec.replicas <= 5" }] };

test("a bound policy refuses what its expression does not hold for", async () => {
  await check(deployment(5), policy(atMostFive), binding());
  await assert.rejects(check(deployment(6), policy(atMostFive), binding()), {
    code: 422,
    reason: "Invalid",
    message:
      "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'few-replicas' with binding 'everywhere' denied request: failed expression: object.spec.replicas <= 5",
  });
});

test("a policy without a binding, and one for other resources, does nothing", async () => {
  await check(deployment(6), policy(atMostFive));
  await check(limits, policy(atMostFive), binding());
});

test("a binding may only warn", async () => {
  const warnings = await check(
    deployment(6),
    policy(atMostFive),
    binding({ validationActions: ["Warn", "Audit"] }),
  );
  assert.equal(warnings.length, 1);
});

test("parameters, variables, messages and reasons", async () => {
  const withParams = policy({
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    variables: [{ name: "max", expression: "int(params.data.max)" }],
    validations: [
      {
        expression: "object.spec.replicas <= variables.max",
        messageExpression: "'no more than ' + string(variables.max)",
        reason: "Forbidden",
      },
    ],
  });
  const bound = binding({ paramRef: { name: "limits", parameterNotFoundAction: "Deny" } });
  await check(deployment(3), withParams, bound, limits);
  await assert.rejects(check(deployment(4), withParams, bound, limits), {
    code: 403,
    message: /denied request: no more than 3$/,
  });
  await assert.rejects(check(deployment(1), withParams, bound), { message: /no params found/ });
});

test("an expression that fails refuses, unless the policy fails open", async () => {
  const broken = { validations: [{ expression: "object.spec.missing > 1" }] };
  await assert.rejects(check(deployment(1), policy(broken), binding()), {
    message: /expression 'object.spec.missing > 1' resulted in error: no such key: missing/,
  });
  await check(deployment(1), policy({ ...broken, failurePolicy: "Ignore" }), binding());
});

test("variables are evaluated when they are read, and tell why they cannot be", async () => {
  const variables = [{ name: "bad", expression: "object.spec.missing" }];
  await check(
    deployment(1),
    policy({ variables, validations: [{ expression: "true || variables.bad" }] }),
    binding(),
  );
  const reading = policy({ variables, validations: [{ expression: "variables.bad == 1" }] });
  await assert.rejects(check(deployment(1), reading, binding()), {
    message:
      /expression 'variables.bad == 1' resulted in error: composited variable "bad" fails to evaluate: no such key: missing$/,
  });
});

test("all policies and bindings are asked before one refuses", async () => {
  const reader = createTestReader([
    policy({ validations: [{ expression: "false", message: "no" }] }),
    binding(),
    binding({ validationActions: ["Warn"] }),
  ]);
  const refused = validatingAdmissionPolicy.validate!(createTestAttributes(deployment(1)), reader);
  await assert.rejects(refused, { message: /denied request: no$/ });
  assert.deepEqual(reader.warnings, [
    "Validation failed for ValidatingAdmissionPolicy 'few-replicas' with binding 'everywhere': no",
  ]);
});

test("an audit annotation that cannot be made refuses whatever the binding says, unless the policy fails open", async () => {
  const spec = { auditAnnotations: [{ key: "a", valueExpression: "object.spec.missing" }] };
  const warning = binding({ validationActions: ["Warn"] });
  await assert.rejects(check(deployment(1), policy(spec), warning), {
    message: /expression 'object.spec.missing' resulted in error: no such key: missing$/,
  });
  await check(deployment(1), policy({ ...spec, failurePolicy: "Ignore" }), warning);
  const asking = { auditAnnotations: [{ key: "a", valueExpression: "string(authorizer == null)" }] };
  await assert.rejects(check(deployment(1), policy(asking), warning), {
    message: /no such attribute\(s\): authorizer$/,
  });
});

test("parameters of a kind that is not there are the policy's fault", async () => {
  const spec = { ...atMostFive, paramKind: { apiVersion: "example.com/v1", kind: "Limit" } };
  await assert.rejects(check(deployment(1), policy(spec), binding({ validationActions: ["Warn"] })), {
    message:
      "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'few-replicas' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'",
  });
  await check(deployment(6), policy({ ...spec, failurePolicy: "Ignore" }), binding());
});

test("conditions see the parameters and the policy's variables, and no namespace", async () => {
  const spec = (expression: string) => ({
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    variables: [{ name: "max", expression: "int(params.data.max)" }],
    matchConditions: [{ name: "a", expression }],
    validations: [{ expression: "false" }],
  });
  const bound = binding({ paramRef: { name: "limits", parameterNotFoundAction: "Deny" } });
  await check(deployment(1), policy(spec("variables.max == 4")), bound, limits);
  await check(deployment(1), policy(spec("namespaceObject != null")), bound, limits);
  await assert.rejects(check(deployment(1), policy(spec("variables.max == 3")), bound, limits), {
    message: /failed expression: false$/,
  });
});

test("the audit log is told of violations and of the policy's own annotations", async () => {
  const spec = {
    validations: [{ expression: "true" }, { expression: "false", message: "<no" }],
    auditAnnotations: [
      { key: "count", valueExpression: "string(object.spec.replicas) + ' '" },
      { key: "nothing", valueExpression: "null" },
    ],
  };
  const reader = createTestReader([policy(spec), binding({ validationActions: ["Audit"] })]);
  await validatingAdmissionPolicy.validate!(createTestAttributes(deployment(2)), reader);
  assert.deepEqual(reader.annotations, {
    "few-replicas/count": "2",
    "validation.policy.admission.k8s.io/validation_failure":
      '[{"message":"\\u003cno","policy":"few-replicas","binding":"everywhere","expressionIndex":1,"validationActions":["Audit"]}]',
  });
});
