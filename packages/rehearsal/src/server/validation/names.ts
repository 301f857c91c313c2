// Names, label keys and values (apimachinery util/validation); each check returns what is wrong, or nothing.

import {
  dnsLabelFaults,
  dnsSubdomainFaults,
  type FieldError,
  hasDnsSubdomainForm,
} from "@slipway/kubernetes";
import { invalidValue } from "../field-error.ts";

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Says what is wrong with a text, one sentence for each mistake; nothing when it is right. */
export type TextCheck = (text: string) => string[];

const tooManyBytes = (limit: number) => `must be no more than ${limit} bytes`;
const tooManyCharacters = (limit: number) => `must be no more than ${limit} characters`;

/** One error for each thing that is wrong with a text. */
export function invalidText(field: string, text: string, check: TextCheck): FieldError[] {
  return check(text).map((detail) => invalidValue(field, text, detail));
}

export const checkDnsSubdomain: TextCheck = dnsSubdomainFaults;

/** A label that begins with a letter. */
export const checkDns1035Label: TextCheck = dnsLabelFaults;

export const checkDnsLabel: TextCheck = (text) => {
  const errors = text.length > 63 ? [tooManyCharacters(63)] : [];
  if (dnsLabel.test(text)) return errors;
  return [
    ...errors,
    hasDnsSubdomainForm(text)
      ? "must not contain dots"
      : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  ];
};

/** Names that only have to fit into a path: roles and bindings. */
export const checkPathSegment: TextCheck = (text) => {
  if (text === "." || text === "..") return [`may not be '${text}'`];
  return ["/", "%"].filter((character) => text.includes(character)).map((bad) => `may not contain '${bad}'`);
};

const qualifiedText =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** A label's or annotation's key: an optional prefix and a name. */
export const checkQualifiedName: TextCheck = (text) => {
  const parts = text.split("/");
  const name = parts.pop() ?? "";
  if (parts.length > 1) {
    return [
      `a valid label key ${qualifiedText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix] = parts;
  const errors: string[] = [];
  if (prefix === "") errors.push("prefix part must be non-empty");
  else if (prefix !== undefined)
    errors.push(...checkDnsSubdomain(prefix).map((text) => `prefix part ${text}`));
  if (name === "") errors.push("name part must be non-empty");
  else if (name.length > 63) errors.push(`name part ${tooManyBytes(63)}`);
  if (!qualifiedPart.test(name)) errors.push(`name part ${qualifiedText}`);
  return errors;
};

export const checkLabelValue: TextCheck = (text) => [
  ...(text.length > 63 ? [tooManyBytes(63)] : []),
  ...(labelValue.test(text)
    ? []
    : [
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      ]),
];

/** A key of a ConfigMap or Secret. */
export const checkConfigKey: TextCheck = (text) => {
  const errors = text.length > 253 ? [tooManyCharacters(253)] : [];
  if (!/^[-._a-zA-Z0-9]+$/.test(text)) {
    errors.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  }
  if (text === ".") errors.push("must not be '.'");
  if (text === "..") errors.push("must not be '..'");
  else if (text.startsWith("..")) errors.push("must not start with '..'");
  return errors;
};

/** A port's name. */
export const checkPortName: TextCheck = (text) => {
  const errors = text.length > 15 ? [tooManyCharacters(15)] : [];
  if (!/^[-a-z0-9]+$/.test(text)) {
    errors.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(text)) errors.push("must contain at least one letter (a-z)");
  if (text.includes("--")) errors.push("must not contain consecutive hyphens");
  if (/^-|-$/.test(text)) errors.push("must not begin or end with a hyphen");
  return errors;
};
