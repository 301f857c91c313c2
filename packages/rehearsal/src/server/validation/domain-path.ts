import type { FieldError } from "@slipway/kubernetes";
import { invalidValue, requiredValue } from "../field-error.ts";
import { checkDnsSubdomain, invalidText } from "./names.ts";

const pathCharacters = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathOnly = new RegExp(`^${pathCharacters}$`);

/** A domain, a slash and a path (apimachinery util/validation `IsDomainPrefixedPath`). */
export function validateDomainPath(text: string, field: string): FieldError[] {
  if (text === "") return [requiredValue(field)];
  const [domain = "", ...rest] = text.split("/");
  const path = rest.join("/");
  if (domain === "" || path === "") {
    return [invalidValue(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const errors = invalidText(field, domain, checkDnsSubdomain);
  if (!pathOnly.test(path)) {
    errors.push(invalidValue(field, path, `Invalid path (regex used for validation is '${pathCharacters}')`));
  }
  return errors;
}
