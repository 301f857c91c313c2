import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { settleConditions } from "./signing-request.ts";

const before = "2026-01-01T00:00:00Z";
const now = "2026-01-02T00:00:00Z";

const request = (...conditions: JsonObject[]) =>
  ({
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    metadata: { name: "a" },
    status: { conditions },
  }) as KubernetesObject;

test("an approval stands as it was said, other conditions get the times that they lack", () => {
  const times = { lastUpdateTime: before, lastTransitionTime: before };
  const old = request(
    { type: "Approved", status: "True", reason: "first", ...times },
    { type: "Ready", status: "True", ...times },
  );
  const next = request(
    { type: "Approved", status: "True" },
    { type: "Ready", status: "True", reason: "new" },
  );
  settleConditions(next, old, now);
  assert.deepEqual(next.status, {
    conditions: [
      { type: "Approved", status: "True", reason: "first", ...times },
      { type: "Ready", status: "True", reason: "new", lastUpdateTime: now, lastTransitionTime: before },
    ],
  });
});
