// The string formats that the API server checks in custom resources (kube-openapi strfmt).
import { isIPv4, isIPv6 } from "node:net";

const hostname =
  /^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.)){1,}([a-zA-Z0-9-\p{L}]){2,63})$/u;
const goDuration = /^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$|^[-+]?0$/;
const dateTime =
  /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$|^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const units = [["ns"], ["us", "µs"], ["ms"], ["s"], ["m"], ["h", "hr"], ["d"], ["w", "wk"]].flat();
const longUnits = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];

/** `3 days`: any number before the name of a unit will do, whatever stands around it. */
function namesDuration(text: string): boolean {
  return [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, word = ""]) => {
    const unit = word.toLowerCase();
    return units.includes(unit) || longUnits.some((name) => unit.startsWith(name));
  });
}

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => text !== "" && /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  cidr: (text) => {
    const [address = "", bits = "", ...rest] = text.split("/");
    if (rest.length > 0 || !/^\d+$/.test(bits)) return false;
    return isIPv4(address) ? Number(bits) <= 32 : isIPv6(address) && Number(bits) <= 128;
  },
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)),
  "date-time": (text) => dateTime.test(text) && !Number.isNaN(Date.parse(text)),
  duration: (text) => goDuration.test(text) || namesDuration(text),
  email: (text) => /^[^\s@<>]+@[^\s@<>]+$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  hostname: (text) => text.length <= 255 && hostname.test(text),
  ipv4: isIPv4,
  ipv6: isIPv6,
  "k8s-long-name": (text) => text.length <= 253 && text.split(".").every((part) => label.test(part)),
  "k8s-short-name": (text) => text.length <= 63 && label.test(text),
  mac: (text) => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text),
  uri: (text) => URL.canParse(text) || /^\/[^\s]*$/.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
};

/** True when the text is of the format, or the format is one that is not checked. */
export function matchesFormat(text: string, format: string): boolean {
  return checks[format]?.(text) ?? true;
}

/** Whether a format is one that is checked. */
export function knowsFormat(format: string | undefined): boolean {
  return format !== undefined && Object.hasOwn(checks, format);
}

/** Formats of texts, without `-`. */
const ofTexts =
  "bsonobjectid uri email hostname ipv4 ipv6 cidr mac uuid uuid3 uuid4 uuid5 isbn isbn10 isbn13 creditcard ssn hexcolor rgbcolor byte password date duration datetime k8sshortname k8slongname";

const known: Readonly<Record<string, ReadonlySet<string>>> = {
  "": new Set(ofTexts.split(" ")),
  string: new Set(ofTexts.split(" ")),
  integer: new Set(["int32", "int64"]),
  number: new Set(["float", "double"]),
};

/**
 * Whether a format means anything in a custom resource's schema of this type ("" for none); what does not is passed
 * over (apiextensions pkg/apiserver/validation/formats.go).
 */
export function isFormatOf(type: string, format: string): boolean {
  const isText = type === "" || type === "string";
  return known[type]?.has(isText ? format.replaceAll("-", "") : format) ?? false;
}
