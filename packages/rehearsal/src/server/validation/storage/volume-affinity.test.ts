import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { validateAffinityUpdate } from "./volume-affinity.ts";

const nodes = (...matchExpressions: JsonObject[]) => ({
  required: { nodeSelectorTerms: [{ matchExpressions }] },
});
const zone = (key: string, value = "a") => ({ key, operator: "In", values: [value] });
const [before, after] = ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"];
const wrong = (now: JsonObject | undefined, old: JsonObject | undefined) =>
  validateAffinityUpdate(now, old).length;

test("the nodes of a volume may be said once", () => {
  assert.equal(wrong(nodes(zone(after)), undefined), 0);
  assert.equal(wrong(nodes(zone(after)), nodes(zone(after))), 0);
  assert.equal(wrong(undefined, nodes(zone(after))), 1);
  assert.equal(wrong(nodes(zone(after, "b")), nodes(zone(after))), 1);
  assert.equal(wrong(nodes(zone(after), zone("b")), nodes(zone(after))), 1);
});

test("a label may get its newer name, and nothing but that", () => {
  assert.equal(wrong(nodes(zone("a"), zone(after)), nodes(zone("a"), zone(before))), 0);
  assert.equal(wrong(nodes(zone(before)), nodes(zone(after))), 1);
  assert.equal(wrong(nodes(zone(after, "b")), nodes(zone(before))), 1);
  assert.equal(wrong(nodes(zone("topology.kubernetes.io/region")), nodes(zone(before))), 1);
});
