import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { systemClock } from "@slipway/kubernetes";
import { createRandom } from "../clock/random.ts";
import { createVirtualClock } from "../clock/virtual-clock.ts";
import { createCertificateAuthority, issueCertificate } from "../pki/certificate.ts";
import { CallError, isLoopback, postReview } from "./post-review.ts";

const random = createRandom(1);
const now = systemClock.now() - 3_600_000;
const authority = createCertificateAuthority({ commonName: "ours", now, random });
const review = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "1" } };

/** Runs `work` with the address of a server on 127.0.0.1. */
async function withServer(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const { certificate: cert, key } = issueCertificate({
    dnsNames: ["127.0.0.1"],
    notBefore: now,
    notAfter: now + 86_400_000,
    random,
    issuer: authority,
  });
  const server = createTlsServer({ cert, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`https://127.0.0.1:${(server.address() as AddressInfo).port}/check`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const post = (url: string, more: Partial<Parameters<typeof postReview>[0]> = {}) =>
  postReview({
    url,
    caBundle: authority.certificate,
    review,
    timeoutMs: 10_000,
    clock: systemClock,
    ...more,
  });

test("a review is answered by a server whose certificate the bundle vouches for, and sent to no other", async () => {
  const bodies: string[] = [];
  const listener: RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.end(JSON.stringify({ ...review, response: { uid: "1", allowed: true } }));
  };
  await withServer(listener, async (url) => {
    const answer = await post(url);
    assert.deepEqual(answer.response, { uid: "1", allowed: true });
    await assert.rejects(post(url, { caBundle: "" }), {
      message: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    });
    assert.deepEqual(bodies, [JSON.stringify(review)]);
  });
});

test("an answer that does not come in time, and one that breaks off, are errors of the call", async () => {
  const clock = createVirtualClock({ start: systemClock.now() });
  await withServer(
    () => {},
    (url) => assert.rejects(post(url, { clock }), new CallError("context deadline exceeded")),
  );
  await withServer(
    (request) => request.socket.destroy(),
    (url) => assert.rejects(post(url), CallError),
  );
});

test("a port that nobody listens on", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(post(`https://127.0.0.1:${port}/`), {
    message: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
  });
});

test("only this machine's own addresses are called", () => {
  assert.deepEqual(
    [
      "https://127.0.0.1:9443/x",
      "https://localhost/",
      "https://[::1]:1/",
      "https://127.0.0.1.example.com/",
      "https://10.0.0.1/",
      "https://hooks.example.com/",
      "none",
    ].map(isLoopback),
    [true, true, true, false, false, false, false],
  );
});
