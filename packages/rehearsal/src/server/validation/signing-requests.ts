// Signing requests: what is asked for, and their status (kubernetes pkg/apis/certificates/validation).
import { X509Certificate } from "node:crypto";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { numberAt, objectsAt, stringAt, textAt, textsAt } from "../../admission/read-json.ts";
import { signingRequestProblem } from "../../pki/signing-request.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";
import { validateSignerName } from "./signer-names.ts";
import type { Validator } from "./validator.ts";

const path = "status.conditions";
const verdicts = ["Approved", "Denied"];
/** Conditions that are there or not, and stay. */
const lasting = [...verdicts, "Failed"];

const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** By collection; what is asked for does not change afterwards. */
export const signingRequestValidators: Readonly<Record<string, Validator>> = {
  "certificates.k8s.io/certificatesigningrequests": {
    validate: (request, old) => (old ? [] : validateWish(request)),
  },
};

function validateWish({ spec }: KubernetesObject): FieldError[] {
  const request = stringAt(spec, "request");
  const problem = signingRequestProblem(Buffer.from(request ?? "", "base64").toString("latin1"));
  const wanted = textsAt(spec, "usages");
  const signer = textAt(spec, "signerName") ?? "";
  const seconds = numberAt(spec, "expirationSeconds");
  return [
    ...(problem === undefined ? [] : [invalidValue("spec.request", request, problem)]),
    ...(wanted.length === 0 ? [requiredValue("spec.usages")] : []),
    ...wanted.flatMap((usage, index) =>
      usages.includes(usage) ? [] : [unsupportedValue(`spec.usages[${index}]`, usage, usages)],
    ),
    ...wanted.flatMap((usage, index) =>
      wanted.indexOf(usage) === index ? [] : [duplicateValue(`spec.usages[${index}]`, usage)],
    ),
    ...(signer === "kubernetes.io/legacy-unknown"
      ? [invalidValue("spec.signerName", signer, "the legacy signerName is not allowed via this API version")]
      : validateSignerName(signer, "spec.signerName")),
    ...(seconds === undefined || seconds >= 600
      ? []
      : [
          invalidValue(
            "spec.expirationSeconds",
            seconds,
            "may not specify a duration less than 600 seconds (10 minutes)",
          ),
        ]),
  ];
}

/** What is wrong with a status, which says nothing of an approval that was not said before. */
export function validateRequestStatus(request: KubernetesObject, old: KubernetesObject): FieldError[] {
  const added = verdicts
    .filter((type) => countOf(request, type) > countOf(old, type))
    .map((type) => forbiddenValue(path, `updates may not add a condition of type "${type}"`));
  const before = textAt(old.status, "certificate") ?? "";
  const isOther = before !== (textAt(request.status, "certificate") ?? "");
  const replaced = before !== "" && isOther;
  return [
    ...validateConditions(request),
    ...(isOther ? validateCertificate(request) : []),
    ...validateRemoval(request, old),
    ...added,
    ...(replaced
      ? [forbiddenValue("status.certificate", "updates may not modify existing certificate content")]
      : []),
  ];
}

/** What is wrong with an approval. */
export function validateApproval(request: KubernetesObject, old: KubernetesObject): FieldError[] {
  return [...validateConditions(request), ...validateRemoval(request, old)];
}

function validateConditions(request: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, condition] of objectsAt(request.status, "conditions").entries()) {
    const type = textAt(condition, "type") ?? "";
    const status = textAt(condition, "status") ?? "";
    if (type === "") errors.push(requiredValue(`${path}[${index}].type`));
    const allowed = lasting.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    if (status === "") errors.push(requiredValue(`${path}[${index}].status`));
    else if (!allowed.includes(status)) {
      errors.push(unsupportedValue(`${path}[${index}].status`, status, allowed));
    }
    if (verdicts.includes(type) && verdicts.some((other) => other !== type && seen.has(other))) {
      errors.push(invalidValue(path, type, "Approved and Denied conditions are mutually exclusive"));
    }
    if (seen.has(type)) errors.push(duplicateValue(`${path}[${index}].type`, type));
    seen.add(type);
  }
  return errors;
}

function validateRemoval(request: KubernetesObject, old: KubernetesObject): FieldError[] {
  return lasting
    .filter((type) => countOf(request, type) < countOf(old, type))
    .map((type) => forbiddenValue(path, `updates may not remove a condition of type "${type}"`));
}

function countOf({ status }: KubernetesObject, type: string): number {
  return objectsAt(status, "conditions").filter((condition) => condition.type === type).length;
}

const pemBlock = /-----BEGIN ([^\n]*)-----\r?\n([\s\S]*?)-----END \1-----/g;

/** A certificate is PEM with certificates only, or nothing. */
function validateCertificate(request: KubernetesObject): FieldError[] {
  const text = Buffer.from(textAt(request.status, "certificate") ?? "", "base64").toString("latin1");
  const wrong = text === "" ? undefined : whatIsWrong([...text.matchAll(pemBlock)]);
  return wrong === undefined ? [] : [invalidValue("status.certificate", "<certificate data>", wrong)];
}

function whatIsWrong(blocks: readonly RegExpMatchArray[]): string | undefined {
  if (blocks.length === 0) return "must contain at least one CERTIFICATE PEM block";
  for (const [block, type, body = ""] of blocks) {
    if (type !== "CERTIFICATE") return `only CERTIFICATE PEM blocks are allowed, found "${type}"`;
    if (body.includes(":")) return "no PEM block headers are permitted";
    try {
      new X509Certificate(block);
    } catch {
      return "x509: malformed certificate";
    }
  }
  return undefined;
}
