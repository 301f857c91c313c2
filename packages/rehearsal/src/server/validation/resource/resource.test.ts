import assert from "node:assert/strict";
import { test } from "node:test";
import { validateRequestPolicy } from "./capacities.ts";
import { requestNamesOf, validateReferences } from "./claims.ts";
import { validateAttributeName, validatePoolName } from "./device-names.ts";

const told = (errors: readonly { readonly field: string; readonly message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message.slice(0, 60)}`);

test("a reference names a request or one of its alternatives, each once", () => {
  const known = requestNamesOf({ requests: [{ name: "a" }, { name: "b", firstAvailable: [{ name: "x" }] }] });
  assert.deepEqual(told(validateReferences({ requests: ["a", "b", "b/x"] }, known, "at")), []);
  assert.deepEqual(told(validateReferences({ requests: ["a/x", "a", "a"] }, known, "at")), [
    'at.requests[0]: Invalid value: "a/x": must be the name of a request in the c',
    'at.requests[2]: Duplicate value: "a"',
  ]);
});

test("attributes are C identifiers, in a driver's domain or in none", () => {
  assert.deepEqual(validateAttributeName("model", "at"), []);
  assert.deepEqual(validateAttributeName("example.com/model", "at"), []);
  assert.deepEqual(told(validateAttributeName("/", "at")), [
    'at: Invalid value: "": the domain must not be empty',
    'at: Invalid value: "": the name must not be empty',
  ]);
  assert.deepEqual(told(validatePoolName("a/B", "at")), [
    'at: Invalid value: "B": a lowercase RFC 1123 subdomain must cons',
  ]);
});

test("a share of a capacity is one of some values, or within a range in steps", () => {
  const policy = (usual: string, range: Record<string, string>) =>
    told(validateRequestPolicy("10Gi", { default: usual, validRange: range }, "at"));
  assert.deepEqual(policy("2Gi", { min: "1Gi", max: "8Gi", step: "1Gi" }), []);
  assert.deepEqual(policy("12Gi", { min: "1Gi", max: "11Gi" }), [
    'at.validRange.max: Invalid value: "11Gi": max is larger than capacity value: 10',
    'at.validRange.max: Invalid value: "12Gi": default is more than max: 11Gi',
  ]);
  assert.deepEqual(told(validateRequestPolicy("4", { default: "3", validValues: ["1", "2"] }, "at")), [
    'at.validValues: Invalid value: "3": default value is not valid according to ',
  ]);
});
