// Names of devices, pools and what is said of devices (kubernetes pkg/apis/resource/validation).
import type { FieldError } from "@slipway/kubernetes";
import { invalidValue, requiredValue, tooLong } from "../../field-error.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName, invalidText } from "../names.ts";
import { validateDriverName } from "../pods/volume-sources.ts";

/** Segments between slashes, each a domain's name. */
export function validatePoolName(name: string, path: string): FieldError[] {
  if (name === "") return [requiredValue(path)];
  return [
    ...(name.length > 253 ? [tooLong(path, 253)] : []),
    ...name.split("/").flatMap((part) => invalidText(path, part, checkDnsSubdomain)),
  ];
}

/** The name of a class of devices. */
export function validateClassName(name: string, path: string): FieldError[] {
  return name === "" ? [requiredValue(path)] : invalidText(path, name, checkDnsSubdomain);
}

/** The name of a request, a device or a counter. */
export function validateLabelName(name: string, path: string): FieldError[] {
  return invalidText(path, name, checkDnsLabel);
}

/** The key of a label, an effect or a condition. */
export function validateKey(key: string, path: string): FieldError[] {
  return invalidText(path, key, checkQualifiedName);
}

const identifierText =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";

function validateIdentifier(text: string, path: string): FieldError[] {
  return [
    ...(text.length > 32 ? [tooLong(path, 32)] : []),
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? [] : [invalidValue(path, text, identifierText)]),
  ];
}

/** The name of an attribute or a capacity, with the domain of a driver before a slash or without. */
export function validateAttributeName(name: string, path: string): FieldError[] {
  const [domain = "", own, ...others] = name.split("/");
  if (own === undefined) return validateIdentifier(domain, path);
  if (others.length > 0) return [];
  return [
    ...(domain === ""
      ? [invalidValue(path, "", "the domain must not be empty")]
      : validateDriverName(domain, path)),
    ...(own === "" ? [invalidValue(path, "", "the name must not be empty")] : validateIdentifier(own, path)),
  ];
}

/** The same, which must have a domain. */
export function validateFullAttributeName(name: string, path: string): FieldError[] {
  const detail = "a fully qualified name must be a domain and a name separated by a slash";
  return [
    ...validateAttributeName(name, path),
    ...(name.includes("/") ? [] : [invalidValue(path, name, detail)]),
  ];
}
