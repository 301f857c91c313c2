import assert from "node:assert/strict";
import { test } from "node:test";
import { type AdmissionScope, admissionVariables } from "./admission-types.ts";
import { compileAdmission, type ExpressionKind } from "./compile-admission.ts";
import { type CelType, dyn } from "./types.ts";

function detailOf(expression: string, kind: ExpressionKind, scope: Partial<AdmissionScope> = {}) {
  return compileAdmission(expression, kind, admissionVariables({ authorizer: true, ...scope })).detail;
}

test("objects may be anything, and the request has the fields of its type", () => {
  const conditions = [
    "object.spec.replicas > 1 && oldObject == null",
    "request.userInfo.groups.exists(g, g == 'a') && request.kind.kind == 'Pod' && !request.dryRun",
    "namespaceObject.metadata.labels['a'] == 'b' && namespaceObject.metadata.UID != ''",
    "authorizer.requestResource.check('get').allowed()",
  ];
  for (const expression of conditions) assert.equal(detailOf(expression, "condition"), undefined, expression);
  assert.match(detailOf("request.object == 1", "condition") ?? "", /undefined field 'object'/);
  assert.match(detailOf("request.name == 1", "condition") ?? "", /'_==_' applied to '\(string, int\)'/);
  assert.match(detailOf("namespaceObject.metadata.uid == ''", "condition") ?? "", /undefined field 'uid'/);
});

test("what is not always there is only there where it is", () => {
  const undeclared = (name: string) =>
    `compilation failed: ERROR: <input>:1:1: undeclared reference to '${name}' (in container '')\n | ${name} == 1\n | ^`;
  assert.equal(detailOf("params == 1", "condition"), undeclared("params"));
  assert.equal(detailOf("params == 1", "condition", { params: dyn }), undefined);
  assert.equal(detailOf("authorizer == 1", "condition", { authorizer: false }), undeclared("authorizer"));
  assert.equal(detailOf("variables == 1", "condition"), undeclared("variables"));
});

test("each kind of expression gives what it is to give", () => {
  const cases: [expression: string, kind: ExpressionKind, detail: string | undefined][] = [
    ["1", "condition", "must evaluate to bool but got int"],
    ["object.a", "condition", "must evaluate to bool but got dyn"],
    ["duration('1s')", "condition", "must evaluate to bool but got google.protobuf.Duration"],
    ["[null]", "condition", "must evaluate to bool but got list(null_type)"],
    ["request.kind", "condition", "must evaluate to bool but got kubernetes.GroupVersionKind"],
    ["true", "message", "must evaluate to string but got bool"],
    ["'a'", "message", undefined],
    ["null", "annotation", undefined],
    ["1", "annotation", "must evaluate to one of [string null_type] but got int"],
    ["{'a': 1}", "variable", undefined],
  ];
  for (const [expression, kind, detail] of cases) {
    assert.equal(detailOf(expression, kind), detail, expression);
  }
});

test("variables have the types of their values for what comes after them", () => {
  const composed = new Map<string, CelType>();
  const scope = { authorizer: true, composed };
  const declare = (name: string, expression: string) => {
    composed.set(name, compileAdmission(expression, "variable", admissionVariables(scope)).type);
  };
  declare("list", "[1]");
  declare("user", "request.userInfo");
  declare("broken", "1 +");
  const found = (expression: string) => detailOf(expression, "condition", { composed });
  assert.match(found("variables.list.exists(x, x == 'a')") ?? "", /applied to '\(int, string\)'/);
  assert.equal(found("variables.user.nothing == 1 && variables.broken == 1"), undefined);
  assert.match(found("variables.late") ?? "", /undefined field 'late'/);
});

test("objects and patches are made where an object is changed", () => {
  const scope = { patches: true };
  const object = "Object{spec: Object.spec{replicas: 1}}";
  assert.equal(detailOf(object, "applyConfiguration", scope), undefined);
  assert.equal(detailOf("[JSONPatch{op: 'add', value: 1}]", "jsonPatch", scope), undefined);
  assert.equal(
    detailOf("Object.spec{a: 1}", "applyConfiguration", scope),
    "must evaluate to Object but got Object.spec",
  );
  assert.match(
    detailOf("[JSONPatch{op: 1}]", "jsonPatch", scope) ?? "",
    /1:14: expected type of field 'op' is 'string' but provided type is 'int'/,
  );
  assert.match(detailOf(object, "applyConfiguration") ?? "", /1:7: undeclared reference to 'Object'/);
});
