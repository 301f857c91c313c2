// Names, label keys and values (apimachinery util/validation); each check returns what is wrong, or nothing.

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Says what is wrong with a text; nothing when it is right. */
export type TextCheck = (text: string) => string | undefined;

const tooLong = (limit: number) => `must be no more than ${limit} characters`;

export const checkDnsSubdomain: TextCheck = (text) => {
  if (text.length > 253) return tooLong(253);
  if (dnsSubdomain.test(text)) return undefined;
  return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
};

export const checkDnsLabel: TextCheck = (text) => {
  if (text.includes(".")) return "must not contain dots";
  if (text.length > 63) return tooLong(63);
  if (dnsLabel.test(text)) return undefined;
  return "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
};

/** Names that only have to fit into a path: roles and bindings. */
export const checkPathSegment: TextCheck = (text) => {
  if (text === "." || text === "..") return `may not be '${text}'`;
  const bad = ["/", "%"].find((character) => text.includes(character));
  return bad ? `may not contain '${bad}'` : undefined;
};

/** A label's or annotation's key: an optional prefix and a name. */
export const checkQualifiedName: TextCheck = (text) => {
  const parts = text.split("/");
  const name = parts.pop() ?? "";
  if (parts.length > 1) {
    return "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  }
  const [prefix] = parts;
  if (prefix === "") return "prefix part must be non-empty";
  const wrongPrefix = prefix === undefined ? undefined : checkDnsSubdomain(prefix);
  if (wrongPrefix) return `prefix part ${wrongPrefix}`;
  if (name === "") return "name part must be non-empty";
  if (name.length > 63) return `name part ${tooLong(63)}`;
  if (qualifiedPart.test(name)) return undefined;
  return "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
};

export const checkLabelValue: TextCheck = (text) => {
  if (text.length > 63) return "must be no more than 63 bytes";
  if (labelValue.test(text)) return undefined;
  return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
};

/** A key of a ConfigMap or Secret. */
export const checkConfigKey: TextCheck = (text) => {
  if (text.length > 253) return tooLong(253);
  if (text === "." || text === "..") return `must not be '${text}'`;
  if (/^[-._a-zA-Z0-9]+$/.test(text)) return undefined;
  return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
};

/** A port's name. */
export const checkPortName: TextCheck = (text) => {
  if (text.length > 15) return tooLong(15);
  if (!/^[-a-z0-9]+$/.test(text))
    return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  if (!/[a-z]/.test(text)) return "must contain at least one letter (a-z)";
  if (text.includes("--")) return "must not contain consecutive hyphens";
  return /^-|-$/.test(text) ? "must not begin or end with a hyphen" : undefined;
};
