// Public keys (RFC 5280 4.1.2.7) as Go's crypto/x509 parsePublicKey reads them, in its words.
import { createPublicKey, type KeyObject } from "node:crypto";
import { DerError, type DerValue, nothing, readDerOr, type Shape, struct } from "./der.ts";

const oid: Shape = { kind: "oid" };
const raw: Shape = { kind: "raw" };

/** An algorithm and what it is used with. */
export const algorithm = struct("AlgorithmIdentifier", {
  algorithm: { shape: oid },
  parameters: { shape: raw, optional: true },
});
/** A key and what it is for. */
export const publicKeyInfo = struct("publicKeyInfo", {
  algorithm: { shape: algorithm },
  key: { shape: { kind: "bits" } },
});
const rsa = "1.2.840.113549.1.1.1";
const ec = "1.2.840.10045.2.1";
const ed25519 = "1.3.101.112";
/** The bytes of a coordinate on each curve that Go knows. */
const curves: Readonly<Record<string, number>> = {
  "1.3.132.0.33": 28,
  "1.2.840.10045.3.1.7": 32,
  "1.3.132.0.34": 48,
  "1.3.132.0.35": 66,
};

/** A key that signs. */
export interface PublicKey {
  readonly kind: "RSA" | "ECDSA" | "Ed25519";
  readonly object: KeyObject;
}

/** The key of a publicKeyInfo; undefined for one of a kind that signs nothing here. Throws DerError. */
export function readPublicKey(info: DerValue): PublicKey | undefined {
  const { algorithm: identifier, key } = info.fields as Record<string, DerValue>;
  const parameters = identifier?.fields.parameters?.full ?? nothing;
  const bits = key?.bits ?? nothing;
  switch (identifier?.fields.algorithm?.oid) {
    case rsa:
      if (parameters.toString("hex") !== "0500") throw new DerError("x509: RSA key missing NULL parameters");
      checkRsaKey(bits);
      return { kind: "RSA", object: createKey(info, "x509: invalid RSA public key") };
    case ec: {
      const curve = curves[readDerOr(parameters, oid)?.oid ?? ""];
      if (readDerOr(parameters, oid) === undefined) throw new DerError("x509: invalid ECDSA parameters");
      if (curve === undefined) throw new DerError("x509: unsupported elliptic curve");
      if (bits[0] !== 4) throw new DerError("ecdsa: invalid uncompressed public key");
      return { kind: "ECDSA", object: createKey(info, pointProblem(bits, curve)) };
    }
    case ed25519:
      if (parameters.length > 0) throw new DerError("x509: Ed25519 key encoded with illegal parameters");
      if (bits.length !== 32) throw new DerError("x509: wrong Ed25519 public key size");
      return { kind: "Ed25519", object: createKey(info, "x509: Ed25519 verification failure") };
    default:
      return undefined;
  }
}

const rsaKey = struct("", { modulus: { shape: raw }, exponent: { shape: raw, optional: true } });

function checkRsaKey(bits: Buffer): void {
  const parts = bits[0] === 0x30 ? readDerOr(bits, rsaKey)?.fields : undefined;
  if (!parts) throw new DerError("x509: invalid RSA public key");
  const { modulus, exponent } = parts;
  if (!isInteger(modulus?.full)) throw new DerError("x509: invalid RSA modulus");
  if (!isInteger(exponent?.full, 8)) throw new DerError("x509: invalid RSA public exponent");
  if (!isPositive(modulus?.content)) throw new DerError("x509: RSA modulus is not a positive number");
  if (!isPositive(exponent?.content))
    throw new DerError("x509: RSA public exponent is not a positive number");
}

function isInteger(value: Buffer = nothing, most = Number.POSITIVE_INFINITY): boolean {
  const content = value[0] === 2 ? (readDerOr(value, raw)?.content ?? nothing) : nothing;
  const [first = 0, second = 0] = content;
  const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
  return content.length > 0 && content.length <= most && !(content.length > 1 && padded);
}

function isPositive(content: Buffer = nothing): boolean {
  return (content[0] ?? 0) < 0x80 && content.some((byte) => byte > 0);
}

function pointProblem(bits: Buffer, size: number): string {
  if (bits.length !== 1 + 2 * size) return `invalid P${size === 66 ? 521 : size * 8} point encoding`;
  return `P${size === 66 ? 521 : size * 8} point not on curve`;
}

function createKey(info: DerValue, problem: string): KeyObject {
  try {
    return createPublicKey({ key: info.full, format: "der", type: "spki" });
  } catch {
    throw new DerError(problem);
  }
}
