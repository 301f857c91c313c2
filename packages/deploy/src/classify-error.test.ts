import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, ConnectionError } from "@slipway/kubernetes";
import { classifyError, type ErrorContext } from "./classify-error.ts";

const planned: ErrorContext = { kind: "Widget", kindIsPlanned: true, namespaceIsPlanned: true };
const unplanned: ErrorContext = { kind: "Widget", kindIsPlanned: false, namespaceIsPlanned: false };

function api(code: number, message: string, more: { reason?: string; causes?: object[] } = {}): ApiError {
  return new ApiError(code, {
    code,
    message,
    reason: more.reason ?? "",
    details: { causes: more.causes ?? [] },
  } as never);
}

const transient: [string, unknown, RegExp?][] = [
  ["no answer", new ConnectionError("no answer to PATCH")],
  [
    "webhook away",
    api(
      500,
      'Internal error occurred: failed calling webhook "w.io": failed to call webhook: Post "https://x": connection refused',
    ),
    /^webhook w\.io does not answer: failed to call webhook/,
  ],
  [
    "conversion away",
    api(500, "conversion webhook for e.com/v1, Kind=W failed: no endpoints"),
    /conversion webhook of e\.com/,
  ],
  ["kind to come", api(404, "the server could not find the requested resource")],
  ["namespace to come", api(404, 'namespaces "shop" not found')],
  ["storage conflict", api(409, "the object has been modified", { reason: "Conflict" })],
  ["being deleted", api(409, "object is being deleted: widgets already exists", { reason: "AlreadyExists" })],
  [
    "namespace going",
    api(403, "unable to create new content in namespace shop because it is being terminated", {
      causes: [{ reason: "NamespaceTerminating" }],
    }),
  ],
  ["server error", api(500, "etcdserver: leader changed")],
  ["unavailable", api(503, "apiserver is shutting down")],
  ["gateway", api(504, "timeout")],
];
for (const [name, error, reason] of transient) {
  test(`tried again: ${name}`, () => {
    const verdict = classifyError(error, planned);
    assert.equal(verdict.retry, true);
    if (reason) assert.match(verdict.retry ? verdict.reason : "", reason);
  });
}

const final: [string, unknown, string][] = [
  ["denied", api(400, 'admission webhook "w.io" denied the request: no'), "deploy/denied"],
  ["kind nobody brings", api(404, "the server could not find the requested resource"), "deploy/no-kind"],
  ["namespace nobody brings", api(404, 'namespaces "shop" not found'), "deploy/no-namespace"],
  ["credentials", api(401, "Unauthorized"), "deploy/unauthorized"],
  ["rights", api(403, 'widgets is forbidden: User "x" cannot patch'), "deploy/forbidden"],
  ["quota", api(403, "exceeded quota: compute"), "deploy/quota"],
  ["immutable", api(422, "Widget is invalid: spec.x: Invalid value: field is immutable"), "deploy/immutable"],
  ["invalid", api(422, "Widget is invalid: spec.x: Required value"), "deploy/invalid"],
  ["bad request", api(400, "cannot decode"), "deploy/invalid"],
  ["a programming error", new TypeError("x is undefined"), "deploy/internal"],
];
for (const [name, error, code] of final) {
  test(`final: ${name}`, () => {
    const verdict = classifyError(error, unplanned);
    assert.equal(verdict.retry ? "retried" : verdict.problem.code, code);
  });
}

test("429 is tried again after the server's own pause and lowers the concurrency", () => {
  const verdict = classifyError(new ApiError(429, { message: "busy" }, 1_000), planned);
  assert.deepEqual(verdict, { retry: true, reason: "busy", overloaded: true, afterMs: 1_000 });
});

const conflictWith = (...messages: string[]) =>
  api(409, "Apply failed", {
    reason: "Conflict",
    causes: messages.map((message) => ({ reason: "FieldManagerConflict", field: ".spec.replicas", message })),
  });

test("a conflict with a person or another tool is final and names fields and owners", () => {
  for (const message of [
    'conflict with "other-tool"',
    'conflict with "kubectl-edit" using apps/v1 at 2026-01-01T00:00:00Z',
  ]) {
    const verdict = classifyError(conflictWith(message, 'conflict with "hpa" using apps/v1'), planned);
    assert.ok(!verdict.retry);
    assert.equal(verdict.problem.code, "deploy/conflict");
    assert.match(
      verdict.problem.message,
      /own 2 fields that it sets: \.spec\.replicas \([a-z-]+\), \.spec\.replicas \(hpa\)/,
    );
  }
});

test("a field that only controllers own is left to them", () => {
  const verdict = classifyError(
    conflictWith('conflict with "hpa" with subresource "scale" using apps/v1'),
    planned,
  );
  assert.ok(verdict.retry && verdict.yieldTo);
  assert.deepEqual(
    verdict.yieldTo.map(({ field, manager }) => [field, manager]),
    [[".spec.replicas", "hpa"]],
  );
});

test("a Secret's refused value stays unsaid", () => {
  const error = api(422, 'Secret "s" is invalid: type: Invalid value: "hunter2": field is immutable');
  const verdict = classifyError(error, { ...planned, kind: "Secret" });
  assert.ok(!verdict.retry);
  assert.doesNotMatch(JSON.stringify(verdict), /hunter2/);
});
