// Quantities (`500m`, `1Gi`), as k8s.io/apimachinery/pkg/api/resource reads and writes them.

/** A parsed quantity. */
export interface ExactQuantity {
  /** Billionths, exact; finer fractions are rounded up as the API server does. */
  readonly nanos: bigint;
  readonly format: "decimal" | "binary" | "exponent";
}

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const notation = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;
const billion = 1_000_000_000n;
const million = 1_000_000n;
/** What a binary quantity is capped at. */
const largest = (2n ** 63n - 1n) * billion;
/** The real server takes every exponent of 64 bits, of which it keeps 32, and counts for as long as that takes. */
const LARGEST_EXPONENT = 10_000;

/** Reads a quantity; undefined when the text is none. */
export function parseExactQuantity(text: string | number): ExactQuantity | undefined {
  const match = notation.exec(String(text));
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  const binary = binarySuffixes.indexOf(suffix);
  let nanos: bigint;
  if (suffix !== "" && binary > 0) {
    nanos = divideUp(digits * 1024n ** BigInt(binary) * billion, 10n ** BigInt(fraction.length));
    if (nanos > largest) nanos = largest;
  } else {
    const power = exponent ? Number(exponent.slice(1)) : decimalSuffixes.indexOf(suffix) * 3 - 9;
    if (Math.abs(power) > LARGEST_EXPONENT) return undefined;
    const shift = power + 9 - fraction.length;
    nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift));
  }
  const format = exponent ? "exponent" : binary > 0 && suffix !== "" ? "binary" : "decimal";
  return { nanos: sign === "-" ? -nanos : nanos, format };
}

/** The one text that stands for this amount: largest suffix without a fraction. */
export function formatQuantity({ nanos, format }: ExactQuantity): string {
  if (nanos === 0n) return "0";
  const amount = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? "-" : "";
  if (format === "binary" && amount >= 1024n * billion && amount % billion === 0n) {
    return sign + formatBinary(amount / billion);
  }
  return sign + formatDecimal(amount, format === "exponent");
}

/** Reads and writes in one step; undefined when the text is no quantity. */
export function canonicalQuantity(text: string | number): string | undefined {
  const quantity = parseExactQuantity(text);
  return quantity && formatQuantity(quantity);
}

/** The sum of two quantities, in the notation of the first unless that is nothing; the first where one is none. */
export function addQuantities(first: string, second: string): string {
  const [a, b] = [parseExactQuantity(first), parseExactQuantity(second)];
  if (!a || !b) return first;
  return formatQuantity({ nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format });
}

/** Negative where the first quantity is less than the second, positive where it is more, or else 0. */
export function compareQuantities(first: string, second: string): number {
  const [a = 0n, b = 0n] = [parseExactQuantity(first)?.nanos, parseExactQuantity(second)?.nanos];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Canonical, for an amount that counts in thousandths, up to which it is rounded (core/v1 SetDefaults_ResourceList). */
export function milliQuantity(text: string): string {
  const quantity = parseExactQuantity(text);
  if (!quantity || quantity.nanos % million === 0n) return text;
  const amount = quantity.nanos < 0n ? -quantity.nanos : quantity.nanos;
  const rounded = divideUp(amount, million) * million;
  return formatQuantity({ ...quantity, nanos: quantity.nanos < 0n ? -rounded : rounded });
}

function formatBinary(amount: bigint): string {
  let mantissa = amount;
  let power = 0;
  while (mantissa % 1024n === 0n && power < binarySuffixes.length - 1) {
    mantissa /= 1024n;
    power++;
  }
  return `${mantissa}${binarySuffixes[power]}`;
}

function formatDecimal(amount: bigint, exponential: boolean): string {
  let mantissa = amount;
  let power = 0;
  while (mantissa % 1000n === 0n && (exponential || power < decimalSuffixes.length - 1)) {
    mantissa /= 1000n;
    power++;
  }
  if (!exponential) return `${mantissa}${decimalSuffixes[power]}`;
  return power === 3 ? `${mantissa}` : `${mantissa}e${power * 3 - 9}`;
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
