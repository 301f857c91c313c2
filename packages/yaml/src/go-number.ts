// Numbers as Go reads and prints them.

const decimal = /^-?[1-9][0-9]{0,14}$/;
const minInt64 = -(2n ** 63n);
const maxUint64 = 2n ** 64n - 1n;

/**
 * Reads an integer as go-yaml does: decimal, `0x`, `0o`, `0b`, a leading `0` for octal, underscores dropped,
 * from the least int64 to the greatest uint64. Undefined when it is none.
 */
export function parseGoInteger(text: string): bigint | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)$/.exec(plain);
  if (!match) return undefined;
  const digits = match[2] as string;
  const magnitude = /^0[0-7]/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits.toLowerCase());
  const value = match[1] === "-" ? -magnitude : magnitude;
  if (value < minInt64 || value > maxUint64) return undefined;
  // Go reads an explicit plus as signed only.
  if (match[1] === "+" && value >= 2n ** 63n) return undefined;
  return value;
}

/** An integer's text in plain decimal. */
export function canonicalInteger(text: string): string {
  if (decimal.test(text) || text === "0") return text;
  const value = parseGoInteger(text);
  return value === undefined ? text : value.toString();
}

const yamlFloat = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** True when the text is a finite float in go-yaml's eyes; overflow makes it a string. */
export function isGoFloat(text: string): boolean {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  return yamlFloat.test(plain) && Number.isFinite(Number(plain));
}

/** The value of a float as written in YAML; NaN and infinities for their spellings. */
export function parseGoFloat(text: string): number {
  const lower = text.toLowerCase();
  if (lower === ".nan") return Number.NaN;
  if (lower.endsWith(".inf")) return lower.startsWith("-") ? -Infinity : Infinity;
  return Number(text.replaceAll("_", ""));
}

/**
 * How a float64 looks after JSON and go-yaml: whole numbers in the range of 64 bits as integers, else Go's
 * shortest %g, which turns to an exponent at 1e6 and below 1e-4.
 */
export function formatGoFloat(value: number): string {
  if (Object.is(value, -0)) return "0";
  if (Number.isInteger(value)) {
    const whole = BigInt(value);
    if (whole >= minInt64 && whole <= maxUint64 && Math.abs(value) < 1e21) return whole.toString();
  }
  return formatShortest(value);
}

/** Go's shortest %g, as go-yaml prints a float64: `8080`, `1e+06`, `0.5`, `1e-05`. */
export function formatShortest(value: number): string {
  const [mantissa = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
