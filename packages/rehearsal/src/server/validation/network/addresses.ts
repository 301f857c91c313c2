// IP addresses as the real server reads them (apimachinery util/validation/ip.go, and core validation
// ValidateEndpointIP).
import { isIP, isIPv4, isIPv6 } from "node:net";
import type { FieldError } from "@slipway/kubernetes";
import { invalidValue } from "../../field-error.ts";

/** How an address is usually written; undefined for a text that is none. Numbers may begin with zeros. */
export function canonicalAddress(text: string): string | undefined {
  const plain = text.replace(/\d+(\.\d+){3}$/, (numbers) =>
    numbers.replace(/(^|\.)0+(?=\d)/g, (_, before: string) => before),
  );
  if (isIPv4(plain)) return plain;
  // A zone is part of an address for Node, not for Go.
  if (!isIPv6(plain) || plain.includes("%")) return undefined;
  const short = new URL(`http://[${plain}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(short);
  if (!mapped) return short;
  const [high, low] = mapped.slice(1).map((part) => Number.parseInt(part, 16));
  return [high, low].flatMap((part = 0) => [part >> 8, part & 255]).join(".");
}

/** Errors for a text that is no address, or that others may read as another one. */
export function validateAddress(text: string, path: string): FieldError[] {
  const address = canonicalAddress(text);
  if (address === undefined) {
    return [invalidValue(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")];
  }
  if (!isIP(text)) return [invalidValue(path, text, "must not have leading 0s")];
  if (isIP(text) === isIP(address)) return [];
  return [invalidValue(path, text, "must not be an IPv4-mapped IPv6 address")];
}

/** The same, and an error for an address that is written otherwise than usual. */
export function validateCanonicalAddress(text: string, path: string): FieldError[] {
  const errors = validateAddress(text, path);
  const address = canonicalAddress(text);
  if (errors.length > 0 || address === text) return errors;
  return [invalidValue(path, text, `must be in canonical form (${JSON.stringify(address)})`)];
}

/** Errors for an address at which nothing else can be reached; of what is none, that it is none. */
export function validateReachable(text: string, path: string): FieldError[] {
  const refuse = (detail: string) => [invalidValue(path, text, detail)];
  const address = canonicalAddress(text);
  if (address === undefined) return refuse("must be a valid IP address");
  if (address === "0.0.0.0" || address === "::") return refuse(`may not be unspecified (${text})`);
  if (/^127\.|^::1$/.test(address)) return refuse("may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (/^169\.254\.|^fe[89ab].:/.test(address)) {
    return refuse("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  }
  if (/^224\.0\.0\.|^ff.2:/.test(address)) {
    return refuse("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
  return [];
}

/** What is advised about an address that is written otherwise than usual. */
export function addressWarnings(text: string, path: string): string[] {
  const address = canonicalAddress(text);
  if (address === undefined || address === text) return [];
  const [given, usual] = [JSON.stringify(text), JSON.stringify(address)];
  if (validateAddress(text, path).length > 0) {
    return [`${path}: non-standard IP address ${given} is invalid: use ${usual}`];
  }
  return [`${path}: IPv6 address ${given} should be in RFC 5952 canonical format (${usual})`];
}
