// The place that a field's history names is the place to change it: `npm run conformance -- provenance` draws more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeProof, proveRelease } from "../conformance/provenance.ts";
import { fixture, skipWithout } from "../support/fixtures.ts";

const skip = skipWithout(fixture("upstream/26.03"));

test("26.03: a change where the history says so changes that field, and nothing that names another place", {
  skip,
}, () => {
  const proofs = proveRelease("26.03", 300, 7);
  assert.equal(proofs.length, 300);
  const wrong = proofs.filter(({ verdict }) => verdict === "wrong");
  assert.deepEqual(wrong.map(describeProof), []);
  assert.ok(proofs.filter(({ verdict }) => verdict === "exact").length > 200);
});
