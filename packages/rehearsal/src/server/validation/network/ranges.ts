// Ranges of IP addresses as the real server reads them (apimachinery util/validation/ip.go parseCIDR).
import { isIP } from "node:net";
import type { FieldError } from "@slipway/kubernetes";
import { invalidValue } from "../../field-error.ts";
import { canonicalAddress } from "./addresses.ts";

/** A range: its address as usually written and as a number, how many bits that has, and how many of them count. */
interface Range {
  readonly address: string;
  readonly value: bigint;
  readonly size: 32 | 128;
  readonly bits: number;
}

/** Reads an address and how many of its bits count; undefined for a text that is no range. Zeros may be in front. */
function readRange(text: string): Range | undefined {
  const [, written = "", count = ""] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  const address = canonicalAddress(written);
  if (address === undefined) return undefined;
  // A mapped IPv4 address is counted as the IPv6 address that it is written as.
  const size = written.includes(":") ? 128 : 32;
  const bits = Number(count);
  if (bits > size) return undefined;
  return { address, value: numberOf(address, size), size, bits };
}

function numberOf(address: string, size: 32 | 128): bigint {
  if (isIP(address) === 4) {
    const value = address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
    return size === 32 ? value : 0xffff_0000_0000n + value;
  }
  const [head = "", tail] = address.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].reduce(
    (sum, group) => sum * 65_536n + BigInt(Number.parseInt(group, 16)),
    0n,
  );
}

/** The bits that count. */
function prefixOf({ value, size }: Range, bits: number): bigint {
  return value >> BigInt(size - bits);
}

/** Errors for a text that is no range, or that others may read as another one. */
export function validateRange(text: string, path: string): FieldError[] {
  const refuse = (detail: string) => [invalidValue(path, text, detail)];
  const range = readRange(text);
  if (!range) return refuse("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
  const [address = "", bits = ""] = text.split("/");
  if (!isIP(address) || /^0\d/.test(bits)) return refuse("must not have leading 0s in IP or prefix length");
  if (isIP(address) !== isIP(range.address)) return refuse("must not have an IPv4-mapped IPv6 address");
  const rest = BigInt(range.size - range.bits);
  return prefixOf(range, range.bits) << rest === range.value
    ? []
    : refuse("must not have bits set beyond the prefix length");
}

/** Whether a text is a range, however it is written. */
export function isRange(text: string): boolean {
  return readRange(text) !== undefined;
}

/** Whether a range lies in another one and is smaller. */
export function isWithin(inner: string, outer: string): boolean {
  const [small, large] = [readRange(inner), readRange(outer)];
  return (
    small !== undefined &&
    large !== undefined &&
    small.size === large.size &&
    small.bits > large.bits &&
    prefixOf(small, large.bits) === prefixOf(large, large.bits)
  );
}

/** What is advised about a range that is right, but written otherwise than usual. */
export function rangeWarnings(text: string, path: string): string[] {
  const range = readRange(text);
  if (!range || validateRange(text, path).length > 0) return [];
  const usual = `${range.address}/${range.bits}`;
  if (usual === text) return [];
  const [given, shown] = [JSON.stringify(text), JSON.stringify(usual)];
  return [`${path}: IPv6 CIDR value ${given} should be in RFC 5952 canonical format (${shown})`];
}
