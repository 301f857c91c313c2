import assert from "node:assert/strict";
import { test } from "node:test";
import { findOrderRefusals } from "./audit-order.ts";

const request = (code: number, message: string, verb = "patch") => ({
  at: 1,
  userAgent: "slipway",
  verb,
  group: "apps",
  resource: "deployments",
  code,
  message,
});

test("writes refused for what was not there yet are found, and named", () => {
  const audit = [
    request(404, "the server could not find the requested resource"),
    request(404, 'namespaces "shop" not found'),
    request(
      403,
      'pods "a" is forbidden: error looking up service account shop/x: serviceaccount "x" not found',
      "create",
    ),
    request(500, 'Internal error occurred: failed calling webhook "w": connection refused'),
    request(500, "conversion webhook for e.com/v1, Kind=W failed: no endpoints available"),
  ];
  assert.deepEqual(
    findOrderRefusals(audit).map((refusal) => refusal.missing),
    ["kind", "namespace", "service account", "webhook", "webhook"],
  );
});

test("reads, good writes and other refusals are no matter of order", () => {
  const audit = [
    request(404, "the server could not find the requested resource", "list"),
    request(201, ""),
    request(422, "Deployment is invalid"),
    request(409, "the object has been modified"),
    request(404, 'deployments.apps "x" not found'),
  ];
  assert.deepEqual(findOrderRefusals(audit), []);
});
