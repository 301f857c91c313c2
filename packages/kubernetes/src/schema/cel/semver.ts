import type { Environment } from "@marcbachmann/cel-js";

/** A version of the Kubernetes CEL library (semver.org 2.0.0; build metadata does not count). */
class CelSemver {
  readonly numbers: readonly bigint[];
  readonly pre: readonly string[];

  constructor(numbers: readonly bigint[], pre: readonly string[]) {
    this.numbers = numbers;
    this.pre = pre;
  }
}

const notation = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** `semver`, `isSemver` and comparisons (apiserver cel/library/semverlib.go). */
export function registerSemver(env: Environment): void {
  env.registerType("kubernetes.Semver", CelSemver);
  env.registerOperator("kubernetes.Semver == kubernetes.Semver", (a: CelSemver, b: CelSemver) =>
    Boolean(compare(a, b) === 0),
  );
  env.registerFunction("semver(string): kubernetes.Semver", (text: string) => parse(text));
  env.registerFunction("semver(string, bool): kubernetes.Semver", (text: string, lax: boolean) =>
    parse(lax ? normalize(text) : text),
  );
  env.registerFunction("isSemver(string): bool", (text: string) => notation.test(text));
  env.registerFunction("isSemver(string, bool): bool", (text: string, lax: boolean) =>
    notation.test(lax ? normalize(text) : text),
  );
  for (const [index, name] of ["major", "minor", "patch"].entries()) {
    env.registerFunction(`kubernetes.Semver.${name}(): int`, (version: CelSemver) => version.numbers[index]);
  }
  env.registerFunction(
    "kubernetes.Semver.isLessThan(kubernetes.Semver): bool",
    (a: CelSemver, b: CelSemver) => Boolean(compare(a, b) < 0),
  );
  env.registerFunction(
    "kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool",
    (a: CelSemver, b: CelSemver) => compare(a, b) > 0,
  );
  env.registerFunction("kubernetes.Semver.compareTo(kubernetes.Semver): int", (a: CelSemver, b: CelSemver) =>
    BigInt(compare(a, b)),
  );
}

/** `v1.2` is `1.2.0`; leading zeros go. */
function normalize(text: string): string {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)$/.exec(text);
  if (!match) return text;
  const [major, minor, patch] = match.slice(1, 4).map((part) => BigInt(part ?? "0"));
  return `${major}.${minor}.${patch}${match[4]}`;
}

function parse(text: string): CelSemver {
  const match = notation.exec(text);
  if (!match) throw new Error(`No Major.Minor.Patch elements found: ${text}`);
  return new CelSemver(match.slice(1, 4).map(BigInt), match[4]?.split(".") ?? []);
}

function compare(a: CelSemver, b: CelSemver): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] as bigint;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (let index = 0; index < a.pre.length && index < b.pre.length; index++) {
    const order = comparePart(a.pre[index] as string, b.pre[index] as string);
    if (order !== 0) return order;
  }
  return Math.sign(a.pre.length - b.pre.length);
}

function comparePart(a: string, b: string): number {
  const [numeric, otherNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numeric && otherNumeric) return Math.sign(Number(a) - Number(b));
  if (numeric !== otherNumeric) return numeric ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
