import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Deployment, ReplicaSet } from "../kinds/workload.ts";
import {
  planNewReplicas,
  planOldReplicas,
  planProportionalScale,
  replicasOf,
  resolveLimits,
} from "./rolling-update.ts";

function deployment(
  replicas: number,
  maxSurge: string | number,
  maxUnavailable: string | number,
): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: {},
      template: { spec: { containers: [] } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } },
    },
  };
}

function set(name: string, replicas: number, availableReplicas = replicas): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: { replicas, selector: {}, template: { spec: { containers: [] } } },
    status: { replicas, availableReplicas },
  };
}

test("shares are rounded up for surge and down for unavailable, never both to nothing", () => {
  assert.deepEqual(resolveLimits(deployment(10, "25%", "25%")), { maxSurge: 3, maxUnavailable: 2 });
  assert.deepEqual(resolveLimits(deployment(1, "25%", "25%")), { maxSurge: 1, maxUnavailable: 0 });
  assert.deepEqual(resolveLimits(deployment(3, 0, "10%")), { maxSurge: 0, maxUnavailable: 1 });
});

test("any rolling update ends with the new ReplicaSet alone, and keeps its limits on the way", () => {
  const limits = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 0, max: 100 }).map((n) => `${n}%`),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      limits,
      limits,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      (replicas, maxSurge, maxUnavailable, becomesReady) => {
        const wanted = deployment(replicas, maxSurge, maxUnavailable);
        const bounds = resolveLimits(wanted);
        const next = set("new", 0);
        const old = set("old", replicas);
        for (let round = 0; round < 400; round += 1) {
          if (becomesReady[round % becomesReady.length] || round % 11 === 10) {
            const ready = next.status?.availableReplicas ?? 0;
            next.status = {
              replicas: replicasOf(next),
              availableReplicas: Math.min(ready + 1, replicasOf(next)),
            };
          }
          const up = planNewReplicas(wanted, [next, old], next);
          if (up === replicasOf(next)) {
            for (const step of planOldReplicas(wanted, next, [old])) step.set.spec.replicas = step.replicas;
            old.status = { replicas: replicasOf(old), availableReplicas: replicasOf(old) };
          } else next.spec.replicas = up;
          const total = replicasOf(next) + replicasOf(old);
          const available = (next.status?.availableReplicas ?? 0) + replicasOf(old);
          assert.ok(total <= replicas + bounds.maxSurge, `too many: ${total}`);
          assert.ok(available >= replicas - bounds.maxUnavailable, `too few: ${available}`);
          if (replicasOf(old) === 0 && next.status?.availableReplicas === replicas) return;
        }
        assert.fail("the rollout did not end");
      },
    ),
  );
});

test("a resize in the middle of a rollout shares the change among the active ReplicaSets", () => {
  const wanted = deployment(20, 3, 2);
  const steps = planProportionalScale(wanted, set("new", 5), [set("old", 8)]);
  const total = steps.reduce((sum, { replicas }) => sum + replicas, 0);
  assert.equal(total, 23);
  assert.ok(steps.every(({ set: before, replicas }) => replicas > replicasOf(before)));
  assert.deepEqual(planProportionalScale(wanted, set("new", 3), [set("old", 0)]), [
    { set: set("new", 3), replicas: 20 },
  ]);
});
