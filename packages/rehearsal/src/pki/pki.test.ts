import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createRandom } from "../clock/random.ts";
import { createCertificateAuthority, issueCertificate } from "./certificate.ts";
import { verifyChain } from "./verify-chain.ts";

const now = Date.UTC(2026, 2, 1);
const day = 86_400_000;
const host = "webhook.example.svc";

function pair(random = createRandom(1)) {
  const authority = createCertificateAuthority({ commonName: "test-ca", now, random });
  const leaf = issueCertificate({
    dnsNames: ["webhook", "webhook.example", host],
    notBefore: now,
    notAfter: now + 90 * day,
    random,
    issuer: authority,
  });
  return { authority, leaf };
}

test("an issued certificate is one that OpenSSL reads and that its authority verifies", () => {
  const { authority, leaf } = pair();
  const certificate = new X509Certificate(leaf.certificate);
  const root = new X509Certificate(authority.certificate);
  assert.equal(certificate.subjectAltName, `DNS:webhook, DNS:webhook.example, DNS:${host}`);
  assert.equal(certificate.checkIssued(root), true);
  assert.equal(certificate.verify(root.publicKey), true);
  assert.equal(certificate.ca, false);
  assert.equal(root.ca, true);
  assert.equal(certificate.checkHost(host), host);
});

test("the same seed gives the same serial numbers", () => {
  const serial = (seed: number) =>
    new X509Certificate(pair(createRandom(seed)).leaf.certificate).serialNumber;
  assert.equal(serial(7), serial(7));
  assert.notEqual(serial(7), serial(8));
});

test("a chain that ends in the bundle is trusted, with others beside it", () => {
  const { authority, leaf } = pair();
  const other = createCertificateAuthority({ commonName: "other", now, random: createRandom(2) });
  const caBundle = other.certificate + authority.certificate;
  assert.equal(verifyChain({ certificate: leaf.certificate, caBundle, dnsName: host, now }), undefined);
});

test("a self-signed certificate is trusted by a bundle that holds it", () => {
  const { certificate } = issueCertificate({
    dnsNames: [host],
    notBefore: now,
    notAfter: now + day,
    random: createRandom(3),
  });
  assert.equal(verifyChain({ certificate, caBundle: certificate, dnsName: host, now }), undefined);
});

test("an intermediate in the served chain is followed", () => {
  const random = createRandom(4);
  const root = createCertificateAuthority({ commonName: "root", now, random });
  const between = issueCertificate({
    commonName: "between",
    isCa: true,
    notBefore: now,
    notAfter: now + day,
    random,
    issuer: root,
  });
  const leaf = issueCertificate({
    dnsNames: [host],
    notBefore: now,
    notAfter: now + day,
    random,
    issuer: between,
  });
  const served = leaf.certificate + between.certificate;
  assert.equal(
    verifyChain({ certificate: served, caBundle: root.certificate, dnsName: host, now }),
    undefined,
  );
  assert.match(
    verifyChain({ certificate: leaf.certificate, caBundle: root.certificate, dnsName: host, now }) ?? "",
    /unknown authority/,
  );
});

test("refusals are in Go's words", () => {
  const { authority, leaf } = pair();
  const check = (change: Partial<Parameters<typeof verifyChain>[0]>) =>
    verifyChain({
      certificate: leaf.certificate,
      caBundle: authority.certificate,
      dnsName: host,
      now,
      ...change,
    });
  assert.equal(check({ caBundle: "" }), "x509: certificate signed by unknown authority");
  assert.equal(
    check({ dnsName: "istiod.istio-system.svc" }),
    `x509: certificate is valid for webhook, webhook.example, ${host}, not istiod.istio-system.svc`,
  );
  assert.equal(
    check({ now: now + 91 * day }),
    "x509: certificate has expired or is not yet valid: current time 2026-05-31T00:00:00Z is after 2026-05-30T00:00:00Z",
  );
  const namesake = createCertificateAuthority({ commonName: "test-ca", now, random: createRandom(5) });
  assert.equal(
    check({ caBundle: namesake.certificate }),
    'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "test-ca")',
  );
});
