import assert from "node:assert/strict";
import { test } from "node:test";
import { claimNamesOf, validateClaimReferences, validatePodClaims } from "./resource-claims.ts";

const told = (errors: readonly { readonly field: string; readonly message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

test("a whole claim and requests in it exclude one another", () => {
  const references = [
    { name: "a", request: "x" },
    { name: "a", request: "y" },
    { name: "a" },
    { name: "a", request: "z" },
  ];
  assert.deepEqual(told(validateClaimReferences(references, ["a"], "claims")), [
    'claims[2]: Duplicate value: "a"',
    'claims[2]: Duplicate value: "a"',
    'claims[3]: Duplicate value: "a"',
  ]);
});

test("containers refer to claims of their pod", () => {
  const known = claimNamesOf({ resourceClaims: [{ name: "b" }, { name: "a" }, { name: "" }, { name: "b" }] });
  assert.deepEqual(told(validateClaimReferences([{ name: "c" }, { name: "b" }], known, "claims")), [
    'claims[0]: Not found: "c": must be one of the names in pod.spec.resourceClaims: a, b',
  ]);
});

test("a claim says either where it is or what it is made from", () => {
  const claims = [{ name: "a", resourceClaimName: "one" }, { name: "b" }];
  assert.deepEqual(told(validatePodClaims(claims, "claims", { mirror: false })), [
    'claims[1]: Invalid value: {"Name":"b","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
  ]);
  assert.deepEqual(told(validatePodClaims(claims.slice(0, 1), "claims", { mirror: true })), [
    "[]: Forbidden: static pods do not support resource claims",
  ]);
});
