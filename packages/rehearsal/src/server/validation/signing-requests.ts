// The status of a signing request (kubernetes pkg/apis/certificates/validation).
import { X509Certificate } from "node:crypto";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { objectsAt, textAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../field-error.ts";

const path = "status.conditions";
const verdicts = ["Approved", "Denied"];
/** Conditions that are there or not, and stay. */
const lasting = [...verdicts, "Failed"];

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
