// Whether a certificate and a private key belong together, in the words of Go's crypto/tls X509KeyPair.
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";

interface Block {
  readonly type: string;
  readonly data: Buffer;
}

/** What is wrong with a pair in PEM; undefined when the key is that of the first certificate. */
export function keyPairProblem(certificates: string, keys: string): string | undefined {
  const [first, skipped] = findBlock(certificates, (type) => type === "CERTIFICATE");
  if (!first) return missingCertificate(skipped);
  const [key, passed] = findBlock(keys, (type) => /(^| )PRIVATE KEY$/.test(type));
  if (!key) return missingKey(passed);
  const certified = readCertificate(first.data);
  if (!certified) return "x509: malformed certificate";
  const own = readKey(key.data);
  if (!own) return "tls: failed to parse private key";
  if (own.asymmetricKeyType !== certified.asymmetricKeyType) {
    return "tls: private key type does not match public key type";
  }
  return own.equals(certified) ? undefined : "tls: private key does not match public key";
}

function missingCertificate(skipped: readonly string[]): string {
  if (skipped.length === 0) return "tls: failed to find any PEM data in certificate input";
  if (skipped.length === 1 && skipped[0]?.endsWith("PRIVATE KEY")) {
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${skipped.join(" ")}]`;
}

function missingKey(skipped: readonly string[]): string {
  if (skipped.length === 0) return "tls: failed to find any PEM data in key input";
  if (skipped.length === 1 && skipped[0] === "CERTIFICATE") {
    return "tls: found a certificate rather than a key in the PEM for the private key";
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${skipped.join(" ")}]`;
}

/** The first block of a type, and the types of those before it. */
function findBlock(text: string, is: (type: string) => boolean): [Block | undefined, string[]] {
  const blocks = readBlocks(text);
  const place = blocks.findIndex(({ type }) => is(type));
  const before = place < 0 ? blocks : blocks.slice(0, place);
  return [blocks[place], before.map(({ type }) => type)];
}

const block = /^-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)^-----END \1-----[ \t\r]*$/gm;
const headers = /^(?:[^\n:]+:[^\n]*\n)+/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What is no base64 is no block. */
function readBlocks(text: string): Block[] {
  return [...text.matchAll(block)].flatMap(([, type = "", body = ""]) => {
    const encoded = body.replace(headers, "").replace(/\s/g, "");
    return base64.test(encoded) ? [{ type, data: Buffer.from(encoded, "base64") }] : [];
  });
}

function readCertificate(der: Buffer): KeyObject | undefined {
  try {
    return new X509Certificate(der).publicKey;
  } catch {
    return undefined;
  }
}

/** The public half of a private key, in whichever of the notations that Go tries. */
function readKey(der: Buffer): KeyObject | undefined {
  for (const type of ["pkcs1", "pkcs8", "sec1"] as const) {
    try {
      return createPublicKey(createPrivateKey({ key: der, format: "der", type }));
    } catch {}
  }
  return undefined;
}
