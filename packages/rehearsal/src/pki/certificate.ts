// X.509 certificates as cert-manager, Istio and the controllers that make their own produce them: EC P-256.
import { createHash, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

const ecdsaWithSha256 = "1.2.840.10045.4.3.2";
const commonNameType = "2.5.4.3";
const organizationType = "2.5.4.10";

/** A certificate with its key, both in PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says and who vouches for it. */
export interface CertificateRequest {
  readonly commonName?: string;
  readonly organization?: string;
  /** Subject alternative names; those that look like IPv4 addresses become IP entries. */
  readonly dnsNames?: readonly string[];
  readonly isCa?: boolean;
  /** Validity in milliseconds since the Unix epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Chance for the serial number: numbers in [0, 1). */
  readonly random: () => number;
  /** The issuer; without it the certificate signs itself. */
  readonly issuer?: KeyedCertificate;
  /** An existing private key in PEM, for a renewal that keeps it. */
  readonly key?: string;
}

/**
 * Makes a key and a certificate (RFC 5280, version 3). The order of work and the serial depend on `random` alone;
 * the key itself is the system's chance, since Node makes no keys from a seed.
 */
export function issueCertificate(request: CertificateRequest): KeyedCertificate {
  const key = request.key ?? generateKey();
  const publicKey = AsnConvert.parse(publicKeyDer(key), SubjectPublicKeyInfo);
  const issuer = request.issuer ? readCertificate(request.issuer.certificate) : undefined;
  const subject = nameOf(request);
  const authorityKeyId = issuer ? subjectKeyIdOf(issuer) : request.isCa ? keyIdOf(publicKey) : undefined;
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(request.random),
    signature: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    issuer: issuer ? issuer.tbsCertificate.subject : subject,
    validity: new Validity({
      notBefore: new Date(request.notBefore),
      notAfter: new Date(request.notAfter),
    }),
    subject,
    subjectPublicKeyInfo: publicKey,
    extensions: extensionsOf(request, keyIdOf(publicKey), authorityKeyId),
  });
  const signer = request.issuer ? request.issuer.key : key;
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(tbsCertificate)), signer);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signatureValue: Uint8Array.from(signature).buffer,
  });
  return { certificate: encodePem("CERTIFICATE", AsnConvert.serialize(certificate)), key };
}

/** A self-signed certificate that may sign others; valid for ten years unless `lifetimeMs` says otherwise. */
export function createCertificateAuthority(options: {
  readonly commonName?: string;
  readonly organization?: string;
  readonly now: number;
  readonly lifetimeMs?: number;
  readonly random: () => number;
}): KeyedCertificate {
  const { now, lifetimeMs = 3650 * 86_400_000, ...names } = options;
  return issueCertificate({ ...names, isCa: true, notBefore: now, notAfter: now + lifetimeMs });
}

/** The first certificate of a PEM text as ASN.1. */
export function readCertificate(pem: string): Certificate {
  const [first] = splitPem(pem);
  if (!first) throw new Error("no certificate in the PEM text");
  return AsnConvert.parse(pemBody(first), Certificate);
}

/** The certificates of a PEM bundle, one text each. Whatever else the text holds is left out. */
export function splitPem(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

function generateKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

function publicKeyDer(privateKey: string): Buffer {
  return createPublicKey(privateKey).export({ type: "spki", format: "der" });
}

function nameOf(request: CertificateRequest): Name {
  const parts: [string, string][] = [];
  if (request.organization) parts.push([organizationType, request.organization]);
  if (request.commonName) parts.push([commonNameType, request.commonName]);
  return new Name(
    parts.map(
      ([type, text]) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) }),
        ]),
    ),
  );
}

function extensionsOf(
  request: CertificateRequest,
  keyId: ArrayBuffer,
  authorityKeyId: ArrayBuffer | undefined,
): Extensions {
  const usage = request.isCa
    ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyCertSign
    : KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment;
  const names = (request.dnsNames ?? []).map((name) =>
    /^\d+(\.\d+){3}$/.test(name) ? new GeneralName({ iPAddress: name }) : new GeneralName({ dNSName: name }),
  );
  const extensions = [
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
    extension(id_ce_basicConstraints, new BasicConstraints({ cA: request.isCa ?? false }), true),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyId)),
  ];
  if (!request.isCa) {
    extensions.push(extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth, id_kp_clientAuth])));
  }
  if (authorityKeyId) {
    const keyIdentifier = new KeyIdentifier(authorityKeyId);
    extensions.push(extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier })));
  }
  // RFC 5280 4.2.1.6: where the subject is empty the names are critical.
  const critical = !request.commonName && !request.organization;
  if (names.length > 0) {
    extensions.push(extension(id_ce_subjectAltName, new SubjectAlternativeName(names), critical));
  }
  return new Extensions(extensions);
}

function extension(extnID: string, value: object, critical = false): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

/** RFC 5280 4.2.1.2, method 1: SHA-1 of the public key's bits. */
function keyIdOf(publicKey: SubjectPublicKeyInfo): ArrayBuffer {
  const digest = createHash("sha1").update(Buffer.from(publicKey.subjectPublicKey)).digest();
  return Uint8Array.from(digest).buffer;
}

function subjectKeyIdOf(certificate: Certificate): ArrayBuffer {
  const found = certificate.tbsCertificate.extensions?.find(
    (entry) => entry.extnID === id_ce_subjectKeyIdentifier,
  );
  if (!found) return keyIdOf(certificate.tbsCertificate.subjectPublicKeyInfo);
  return AsnConvert.parse(found.extnValue, SubjectKeyIdentifier).buffer;
}

/** A positive 127-bit integer, as RFC 5280 4.1.2.2 wants. */
function serialNumber(random: () => number): ArrayBuffer {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}

function encodePem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function pemBody(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
}
