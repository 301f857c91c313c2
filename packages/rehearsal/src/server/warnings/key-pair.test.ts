import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { createRandom } from "../../clock/random.ts";
import { createCertificateAuthority } from "../../pki/certificate.ts";
import { keyPairProblem } from "./key-pair.ts";

const now = Date.UTC(2026, 2, 1);
const random = createRandom(1);
const { certificate, key } = createCertificateAuthority({ commonName: "one", now, random });
const other = createCertificateAuthority({ commonName: "two", now, random });
const publicKey = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

test("a key is that of the first certificate, in any notation and behind other blocks", () => {
  assert.equal(keyPairProblem(certificate, key), undefined);
  assert.equal(
    keyPairProblem(publicKey + certificate + other.certificate, `text\n${publicKey}${key}`),
    undefined,
  );
  assert.equal(
    keyPairProblem(other.certificate + certificate, key),
    "tls: private key does not match public key",
  );
  const { privateKey } = generateKeyPairSync("ed25519");
  assert.equal(
    keyPairProblem(certificate, privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    "tls: private key type does not match public key type",
  );
});

test("what is no pair is told by what was found instead", () => {
  const cases: readonly [string, string, string][] = [
    ["", "", "tls: failed to find any PEM data in certificate input"],
    [
      key,
      certificate,
      "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    ],
    [
      publicKey,
      key,
      'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [PUBLIC KEY]',
    ],
    [certificate, "key", "tls: failed to find any PEM data in key input"],
    [certificate, certificate, "tls: found a certificate rather than a key in the PEM for the private key"],
    [
      certificate,
      publicKey + publicKey,
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [PUBLIC KEY PUBLIC KEY]',
    ],
    [
      certificate,
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
      "tls: failed to parse private key",
    ],
    [
      certificate,
      "-----BEGIN PRIVATE KEY-----\n*\n-----END PRIVATE KEY-----\n",
      "tls: failed to find any PEM data in key input",
    ],
  ];
  for (const [certificates, keys, expected] of cases)
    assert.equal(keyPairProblem(certificates, keys), expected);
});
