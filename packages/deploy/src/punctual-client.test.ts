import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type Client, createClient, type Transport } from "@slipway/kubernetes";
import { createTestClock } from "../test/test-clock.ts";
import { punctualClient } from "./punctual-client.ts";

const pods = builtin("", "Pod");

function clientOver(transport: Transport): Client {
  return punctualClient(createClient({ transport, userAgent: "test" }), createTestClock());
}

test("a request that is never answered is a connection error in the end, and is broken off", async () => {
  let broken = false;
  const client = clientOver((request) => {
    request.signal?.addEventListener("abort", () => {
      broken = true;
    });
    return new Promise(() => {});
  });
  await assert.rejects(client.get(pods, { name: "x", namespace: "n" }), {
    name: "ConnectionError",
    message: /did not answer within 1 min 15 s/,
  });
  assert.ok(broken);
});

test("an answer in time passes, and so does the caller's own wish to stop", async () => {
  const client = clientOver(async () => ({
    status: 200,
    headers: {},
    text: async () => '{"kind":"Pod"}',
    async *lines() {},
  }));
  assert.deepEqual(await client.get(pods, { name: "x", namespace: "n" }), { kind: "Pod" });

  const stopping = new AbortController();
  const waiting = clientOver(
    (request) =>
      new Promise((_, reject) =>
        request.signal?.addEventListener("abort", () => reject(request.signal?.reason)),
      ),
  );
  const reason = new Error("enough");
  setImmediate(() => stopping.abort(reason));
  await assert.rejects(waiting.list(pods, { signal: stopping.signal }), reason);
});
