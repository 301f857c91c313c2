import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProblemError } from "@slipway/yaml";
import { createFakeCluster } from "../test/fake-cluster.ts";
import { createTestClock } from "../test/test-clock.ts";
import { acquireLock, forgetLock } from "./lock.ts";
import { membershipOf } from "./membership.ts";

const membership = membershipOf();
const ref = { name: membership.name, namespace: membership.namespace };

function setUp() {
  const cluster = createFakeCluster();
  const clock = createTestClock();
  const acquire = (holder: string) => acquireLock({ client: cluster.client, clock, membership, holder });
  return { cluster, clock, acquire };
}

test("one run at a time: the second is told who holds the lock, and may go when it is given back", async () => {
  const { acquire } = setUp();
  const first = await acquire("first");
  await assert.rejects(acquire("second"), ({ problem }: ProblemError) => {
    assert.equal(problem.code, "deploy/locked");
    assert.match(problem.message, /another run, first,/);
    assert.match(problem.next ?? "", /free in 1 min/);
    return true;
  });
  await first.release();
  await (await acquire("second")).release();
});

test("a run that lives keeps the lock for as long as it takes", async () => {
  const { clock, acquire } = setUp();
  const first = await acquire("first");
  await clock.sleep(600_000);
  await assert.rejects(acquire("second"), { name: "ProblemError" });
  await first.release();
});

test("the lock of a run that died is taken after a minute", async () => {
  const { cluster, clock, acquire } = setUp();
  const dead = await acquire("dead");
  await dead.release();
  const lease = cluster.find("Lease", ref);
  assert.ok(lease);
  const spec = {
    holderIdentity: "dead",
    leaseDurationSeconds: 60,
    renewTime: new Date(clock.now()).toISOString(),
  };
  cluster.put({ ...lease, spec });
  await clock.sleep(59_000);
  await assert.rejects(acquire("second"), { name: "ProblemError" });
  await clock.sleep(2_000);
  await (await acquire("second")).release();
});

test("a run whose lock another has taken is told to stop", async () => {
  const { cluster, acquire } = setUp();
  const lock = await acquire("first");
  const lease = cluster.find("Lease", ref);
  assert.ok(lease);
  cluster.put({ ...lease, spec: { holderIdentity: "other" } });
  await new Promise((resolve) => lock.lost.addEventListener("abort", resolve));
  assert.match(String(lock.lost.reason), /another run took over/);
  await lock.release();
  assert.deepEqual(cluster.find("Lease", ref)?.spec, { holderIdentity: "other" });
});

test("the lock is forgotten with the set", async () => {
  const { cluster, acquire } = setUp();
  await (await acquire("first")).release();
  await forgetLock(cluster.client, membership);
  await forgetLock(cluster.client, membership);
  assert.equal(cluster.find("Lease", ref), undefined);
});
