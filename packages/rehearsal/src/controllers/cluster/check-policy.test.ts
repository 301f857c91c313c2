import assert from "node:assert/strict";
import { test } from "node:test";
import { schemaType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../../builtin/schemas.ts";
import { checkPolicy, type KindTypes } from "./check-policy.ts";

const kinds: Readonly<Record<string, string>> = { deployments: "Deployment", replicasets: "ReplicaSet" };

const types: KindTypes = {
  kindsOf(group, version, resource) {
    const kind = kinds[resource];
    return kind && group === "apps" && version === "v1" ? [{ group, version, kind }] : [];
  },
  typeOf({ group, version, kind }) {
    const schema = builtinSchema(group, version, kind);
    return schema && schemaType(schema, "Object0");
  },
};

function warningsOf(spec: JsonObject, rule: JsonObject = {}) {
  const resourceRules = [{ apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"], ...rule }];
  return checkPolicy(
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "a" },
      spec: { matchConstraints: { resourceRules }, ...spec },
    },
    types,
  );
}

const failure = (kind: string) =>
  `apps/v1, Kind=${kind}: ERROR: <input>:1:12: undefined field 'nothing'\n | object.spec.nothing == 1\n | ...........^\n`;

test("expressions are checked with the type of each kind, in the order of the kinds", () => {
  const spec = {
    validations: [{ expression: "object.spec.replicas > 1" }, { expression: "object.spec.nothing == 1" }],
  };
  assert.deepEqual(warningsOf(spec, { resources: ["replicasets", "deployments", "deployments/status"] }), [
    {
      fieldRef: "spec.validations[1].expression",
      warning: `${failure("Deployment")}\n${failure("ReplicaSet")}`,
    },
  ]);
});

test("the kinds of several rules are in the order of their names", () => {
  const rule = (resource: string) => ({ apiGroups: ["apps"], apiVersions: ["v1"], resources: [resource] });
  const [warning] = warningsOf({
    matchConstraints: { resourceRules: [rule("replicasets"), rule("deployments")] },
    validations: [{ expression: "object.spec.nothing == 1" }],
  });
  assert.equal(warning?.warning, `${failure("Deployment")}\n${failure("ReplicaSet")}`);
});

test("rules of everything are not looked at", () => {
  const spec = { validations: [{ expression: "object.spec.nothing == 1" }] };
  for (const rule of [{ apiGroups: ["*"] }, { apiVersions: ["*"] }, { resources: ["*"] }]) {
    assert.deepEqual(warningsOf(spec, rule), []);
  }
});

test("messages, variables and parameters have types, too", () => {
  const warnings = warningsOf({
    paramKind: { apiVersion: "apps/v1", kind: "ReplicaSet" },
    variables: [{ name: "count", expression: "object.spec.replicas" }],
    validations: [
      { expression: "variables.count == 'a'", messageExpression: "params.spec.nothing" },
      { expression: "params.spec.replicas == variables.count" },
    ],
  });
  assert.deepEqual(
    warnings.map(({ fieldRef, warning }) => [fieldRef, /: (?:undefined|found) .*/.exec(warning)?.[0]]),
    [
      [
        "spec.validations[0].expression",
        ": found no matching overload for '_==_' applied to '(int, string)'",
      ],
      ["spec.validations[0].messageExpression", ": undefined field 'nothing'"],
    ],
  );
});

test("parameters of an unknown kind may be anything", () => {
  const paramKind = { apiVersion: "example.com/v1", kind: "Nothing" };
  assert.deepEqual(warningsOf({ paramKind, validations: [{ expression: "params.a == 1" }] }), []);
});
