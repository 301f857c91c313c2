// Does a serving certificate convince a client? In the words of Go's crypto/x509, which the API server prints.
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { splitPem } from "./certificate.ts";

/** What a client checks: the certificate, whom it trusts, which name it dialled, and the time. */
export interface ChainToVerify {
  /** PEM: the leaf, then any intermediates. */
  readonly certificate: string;
  /** PEM of the trusted certificates; empty means the system's own, which know no cluster certificate. */
  readonly caBundle: string;
  readonly dnsName: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * The reason why the chain is not trusted, in Go's words (crypto/x509 verify.go: validity, then name, then
 * chain), or undefined when it is. Key usages and name constraints are not looked at.
 */
export function verifyChain(chain: ChainToVerify): string | undefined {
  const [leaf, ...intermediates] = splitPem(chain.certificate).map((pem) => new X509Certificate(pem));
  if (!leaf) return "tls: no certificates configured";
  const expired = checkValidity(leaf, chain.now);
  if (expired) return expired;
  return checkName(leaf, chain.dnsName) ?? checkIssuers(leaf, intermediates, chain);
}

function checkValidity(certificate: X509Certificate, now: number): string | undefined {
  const at = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const prefix = "x509: certificate has expired or is not yet valid: current time";
  const notBefore = certificate.validFromDate.getTime();
  const notAfter = certificate.validToDate.getTime();
  if (now < notBefore) return `${prefix} ${at(now)} is before ${at(notBefore)}`;
  if (now > notAfter) return `${prefix} ${at(now)} is after ${at(notAfter)}`;
  return undefined;
}

function checkName(leaf: X509Certificate, dnsName: string): string | undefined {
  if (isIP(dnsName) !== 0) return checkAddress(leaf, dnsName);
  const names = namesOf(leaf, "DNS:");
  if (names.length === 0) {
    return leaf.subject && leaf.subjectAltName === undefined
      ? "x509: certificate relies on legacy Common Name field, use SANs instead"
      : `x509: certificate is not valid for any names, but wanted to match ${dnsName}`;
  }
  if (names.some((name) => matchesHost(name, dnsName))) return undefined;
  return `x509: certificate is valid for ${names.join(", ")}, not ${dnsName}`;
}

function checkAddress(leaf: X509Certificate, address: string): string | undefined {
  const addresses = namesOf(leaf, "IP Address:");
  if (addresses.includes(address)) return undefined;
  return addresses.length === 0
    ? `x509: cannot validate certificate for ${address} because it doesn't contain any IP SANs`
    : `x509: certificate is valid for ${addresses.join(", ")}, not ${address}`;
}

/** Follows issuers up to a trusted certificate; a leaf that is trusted itself ends the search at once. */
function checkIssuers(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  { caBundle, now }: ChainToVerify,
): string | undefined {
  const trusted = splitPem(caBundle).map((pem) => new X509Certificate(pem));
  let current = leaf;
  let hint = "";
  for (let depth = 0; depth <= intermediates.length + 1; depth++) {
    if (trusted.some((root) => root.raw.equals(current.raw))) return undefined;
    for (const root of trusted) {
      if (root.subject !== current.issuer) continue;
      if (isSignedBy(current, root)) return checkValidity(root, now);
      hint ||= ` (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate ${JSON.stringify(candidateName(root))})`;
    }
    const next = intermediates.find(
      (candidate) => candidate.subject === current.issuer && isSignedBy(current, candidate),
    );
    if (!next || next === current) break;
    current = next;
  }
  return `x509: certificate signed by unknown authority${hint}`;
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.verify(issuer.publicKey);
}

function namesOf(certificate: X509Certificate, kind: "DNS:" | "IP Address:"): string[] {
  const text = certificate.subjectAltName ?? "";
  return text
    .split(", ")
    .filter((entry) => entry.startsWith(kind))
    .map((entry) => entry.slice(kind.length));
}

/** RFC 6125: a wildcard stands for the whole of the first label. */
function matchesHost(pattern: string, host: string): boolean {
  const [first, ...rest] = pattern.toLowerCase().split(".");
  const [hostFirst, ...hostRest] = host.toLowerCase().split(".");
  return (first === "*" ? rest.length > 0 : first === hostFirst) && rest.join(".") === hostRest.join(".");
}

function candidateName(root: X509Certificate): string {
  const common = /^CN=(.*)$/m.exec(root.subject)?.[1];
  return common ?? /^O=(.*)$/m.exec(root.subject)?.[1] ?? `serial:${BigInt(`0x${root.serialNumber}`)}`;
}
