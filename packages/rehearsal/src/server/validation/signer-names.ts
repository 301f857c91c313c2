import type { FieldError } from "@slipway/kubernetes";
import { invalidValue, requiredValue, tooLong } from "../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, type TextCheck } from "./names.ts";

/** Who signs: a domain of two labels at least, and a name behind one slash (pkg/apis/core/validation ValidateSignerName). */
export function validateSignerName(name: string, path: string): FieldError[] {
  if (name === "") return [requiredValue(path)];
  const [domain = "", signer, ...others] = name.split("/");
  if (signer === undefined || others.length > 0) {
    const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return [invalidValue(path, name, detail)];
  }
  return [
    ...(domain.length > 253 ? [tooLong(path, 253)] : []),
    ...validateLabels(domain, path, checkDnsLabel),
    ...(domain.includes(".")
      ? []
      : [invalidValue(path, domain, "should be a domain with at least two segments separated by dots")]),
    ...validateLabels(signer, path, checkDnsSubdomain),
    ...(name.length > 571 ? [tooLong(path, 571)] : []),
  ];
}

/** What is wrong with the first label that is wrong. */
function validateLabels(text: string, path: string, check: TextCheck): FieldError[] {
  const wrong = text.split(".").find((label) => check(label).length > 0);
  if (wrong === undefined) return [];
  return check(wrong).map((detail) =>
    invalidValue(path, text, `validating label ${JSON.stringify(wrong)}: ${detail}`),
  );
}
