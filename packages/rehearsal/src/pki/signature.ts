// Signatures as Go's crypto/x509 checkSignature looks at them, in its words.
import { constants, verify } from "node:crypto";
import { type DerValue, nothing, readDerOr, type Shape, struct } from "./der.ts";
import { algorithm, type PublicKey } from "./public-key.ts";

const ed25519 = "1.3.101.112";
/** Signatures that Go knows, by their object identifiers: whose key makes them and what is hashed. */
const signatures: Readonly<Record<string, readonly [PublicKey["kind"] | "DSA", string]>> = {
  "1.2.840.113549.1.1.4": ["RSA", "md5"],
  "1.2.840.113549.1.1.5": ["RSA", "sha1"],
  "1.3.14.3.2.29": ["RSA", "sha1"],
  "1.2.840.113549.1.1.11": ["RSA", "sha256"],
  "1.2.840.113549.1.1.12": ["RSA", "sha384"],
  "1.2.840.113549.1.1.13": ["RSA", "sha512"],
  "1.2.840.10040.4.3": ["DSA", "sha1"],
  "2.16.840.1.101.3.4.3.2": ["DSA", "sha256"],
  "1.2.840.10045.4.1": ["ECDSA", "sha1"],
  "1.2.840.10045.4.3.2": ["ECDSA", "sha256"],
  "1.2.840.10045.4.3.3": ["ECDSA", "sha384"],
  "1.2.840.10045.4.3.4": ["ECDSA", "sha512"],
  [ed25519]: ["Ed25519", ""],
};
const pss = "1.2.840.113549.1.1.10";
const unimplemented = "x509: cannot verify signature: algorithm unimplemented";
const goTypes = { RSA: "*rsa.PublicKey", ECDSA: "*ecdsa.PublicKey", Ed25519: "ed25519.PublicKey" };

/** What is wrong with a signature of an algorithm; undefined for one that the key made of what is signed. */
export function signatureProblem(
  signed: Buffer,
  key: PublicKey | undefined,
  identifier: DerValue,
  signature: Buffer,
): string | undefined {
  const id = identifier.fields.algorithm?.oid ?? "";
  const parameters = identifier.fields.parameters?.full ?? nothing;
  const [maker, hash] = (id === pss ? pssOf(parameters) : signatures[id]) ?? [];
  if (maker === undefined || hash === undefined || (maker === "Ed25519" && parameters.length > 0))
    return unimplemented;
  if (hash === "md5") return "x509: cannot verify signature: insecure algorithm MD5-RSA";
  if (!key) return unimplemented;
  if (maker !== key.kind) {
    return `x509: signature algorithm specifies an ${maker} public key, but have public key of type ${goTypes[key.kind]}`;
  }
  const bits = key.object.asymmetricKeyDetails?.modulusLength ?? 0;
  if (maker === "RSA" && bits < 1024) {
    return `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
  }
  const padding =
    id === pss
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : {};
  if (verify(hash === "" ? null : hash, signed, { key: key.object, ...padding }, signature)) return undefined;
  return maker === "RSA" ? "crypto/rsa: verification error" : `x509: ${maker} verification failure`;
}

const mgf1 = "1.2.840.113549.1.1.8";
const hashes: Readonly<Record<string, readonly [string, number]>> = {
  "2.16.840.1.101.3.4.2.1": ["sha256", 32],
  "2.16.840.1.101.3.4.2.2": ["sha384", 48],
  "2.16.840.1.101.3.4.2.3": ["sha512", 64],
};
const inside = (tag: number, shape: Shape) => ({ shape: struct("", { of: { shape } }), tag });
const pssParameters = struct("pssParameters", {
  hash: inside(0, algorithm),
  mask: inside(1, algorithm),
  salt: inside(2, { kind: "integer" }),
  trailer: { ...inside(3, { kind: "integer" }), optional: true },
});

/** What RSASSA-PSS hashes, where its parameters are the usual ones for that. */
function pssOf(parameters: Buffer): readonly ["RSA", string] | undefined {
  const { hash, mask, salt, trailer } = readDerOr(parameters, pssParameters)?.fields ?? {};
  const [hashed, masked] = [hash?.fields.of, mask?.fields.of];
  const maskHash = readDerOr(masked?.fields.parameters?.full ?? nothing, algorithm);
  const id = hashed?.fields.algorithm?.oid ?? "";
  const known = hashes[id];
  const usual =
    [hashed, maskHash].every((one) =>
      ["", "0500"].includes(one?.fields.parameters?.full.toString("hex") ?? ""),
    ) &&
    masked?.fields.algorithm?.oid === mgf1 &&
    maskHash?.fields.algorithm?.oid === id &&
    (trailer?.fields.of?.content ?? Buffer.of(1)).equals(Buffer.of(1));
  if (!usual || !known || !salt?.fields.of?.content.equals(Buffer.of(known[1]))) return undefined;
  return ["RSA", known[0]];
}
