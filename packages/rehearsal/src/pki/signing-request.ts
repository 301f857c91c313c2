// Requests for certificates (PKCS#10, RFC 2986): whether one reads and is signed with its own key, in the words of Go's
// crypto/x509 ParseCertificateRequest and CheckSignature.
import { alternativeNamesProblem } from "./alternative-names.ts";
import {
  DerError,
  type DerValue,
  nothing,
  readDer,
  readDerOr,
  readWholeDer,
  type Shape,
  struct,
} from "./der.ts";
import { findPemBlock } from "./pem.ts";
import { algorithm, publicKeyInfo, readPublicKey } from "./public-key.ts";
import { signatureProblem } from "./signature.ts";

const oid: Shape = { kind: "oid" };
const raw: Shape = { kind: "raw" };

const requestInfo = struct("tbsCertificateRequest", {
  version: { shape: { kind: "integer" } },
  subject: { shape: raw },
  publicKey: { shape: publicKeyInfo },
  attributes: { shape: { kind: "list", name: "", of: raw }, tag: 0 },
});
const request = struct("certificateRequest", {
  info: { shape: requestInfo },
  signatureAlgorithm: { shape: algorithm },
  signature: { shape: { kind: "bits" } },
});
const nameParts = struct("AttributeTypeAndValue", {
  type: { shape: oid },
  value: { shape: { kind: "any" } },
});
const subject: Shape = {
  kind: "list",
  name: "RDNSequence",
  of: { kind: "list", name: "RelativeDistinguishedNameSET", set: true, of: nameParts },
};
const attribute = struct("pkcs10Attribute", {
  id: { shape: oid },
  values: { shape: { kind: "list", name: "", set: true, of: raw } },
});
const extension = struct("Extension", {
  id: { shape: oid },
  critical: { shape: { kind: "boolean" }, optional: true },
  value: { shape: { kind: "octets" } },
});
const extensions: Shape = { kind: "list", name: "", of: extension };

const extensionRequest = "1.2.840.113549.1.9.14";
const subjectAlternativeName = "2.5.29.17";

/** What is wrong with a request in PEM, in Go's words; undefined for one that reads and is signed as it says. */
export function signingRequestProblem(pem: string): string | undefined {
  const block = findPemBlock(pem);
  if (block?.type !== "CERTIFICATE REQUEST") return "PEM block type must be CERTIFICATE REQUEST";
  try {
    const { fields } = readWholeDer(block.data, request);
    const { info, signatureAlgorithm, signature } = fields as Record<string, DerValue>;
    if (!info || !signatureAlgorithm || !signature) return undefined;
    const key = readPublicKey(info.fields.publicKey as DerValue);
    readWholeDer((info.fields.subject as DerValue).full, subject, "x509: trailing data after X.509 Subject");
    for (const [id, value] of readExtensions(info.fields.attributes?.items ?? [])) {
      const problem = id === subjectAlternativeName ? alternativeNamesProblem(value) : undefined;
      if (problem !== undefined) return problem;
    }
    return signatureProblem(info.full, key, signatureAlgorithm, signature.bits);
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

const organization = "2.5.4.10";

/** The organizations in the subject of a request that reads. */
export function organizationsOf(pem: string): string[] {
  const block = findPemBlock(pem);
  const info = block && readDerOr(block.data, request)?.fields.info;
  const names = readDerOr(info?.fields.subject?.full ?? nothing, subject)?.items ?? [];
  return names
    .flatMap((name) => name.items)
    .filter(({ fields }) => fields.type?.oid === organization)
    .map(({ fields }) => (fields.value?.content ?? nothing).toString());
}

/** The extensions that are asked for; attributes of other kinds, or that do not read, are passed over. */
function readExtensions(attributes: readonly DerValue[]): [string, Buffer][] {
  const found = new Map<string, Buffer>();
  for (const { full } of attributes) {
    const { id: kind, values: sets } = readDerOr(full, attribute)?.fields ?? {};
    const [values] = sets?.items ?? [];
    if (kind?.oid !== extensionRequest || !values) continue;
    for (const one of readDer(values.full, extensions).value.items) {
      const id = one.fields.id?.oid ?? "";
      if (found.has(id))
        throw new DerError("x509: certificate request contains duplicate requested extensions");
      found.set(id, one.fields.value?.content ?? nothing);
    }
  }
  return [...found];
}
