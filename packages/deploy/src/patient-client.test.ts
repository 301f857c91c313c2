import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, createClient, type Transport } from "@slipway/kubernetes";
import { patientClient } from "./patient-client.ts";

const busy = {
  status: 429,
  headers: { "content-type": "application/json", "retry-after": "1" },
  body: {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    message: "storage is (re)initializing",
    reason: "TooManyRequests",
    code: 429,
  },
};
const found = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: { kind: "PodList", apiVersion: "v1", metadata: { resourceVersion: "7" }, items: [] },
};

/** A server that refuses the first `refusals` requests, and a clock that counts what was slept. */
function serve(refusals: number) {
  let requests = 0;
  let now = 0;
  const transport: Transport = async () => {
    const { status, headers, body } = requests++ < refusals ? busy : found;
    return { status, headers, text: async () => JSON.stringify(body), async *lines() {} };
  };
  const clock = {
    now: () => now,
    schedule: () => () => {},
    sleep: async (ms: number) => {
      now += ms;
    },
    hold: <T>(work: Promise<T>) => work,
  };
  const client = patientClient(createClient({ transport, userAgent: "test" }), { clock });
  return { client, slept: () => now };
}

test("a server without time is asked again after the pause that it names", async () => {
  const { client, slept } = serve(2);
  assert.equal((await client.list(builtin("", "Pod"))).resourceVersion, "7");
  assert.equal(slept(), 2_000);
});

test("a server that never has time is an error in the end", async () => {
  const { client, slept } = serve(Number.POSITIVE_INFINITY);
  await assert.rejects(client.list(builtin("", "Pod")), /storage is \(re\)initializing/);
  assert.ok(slept() > 60_000);
});
