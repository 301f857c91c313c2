import type { Environment } from "@marcbachmann/cel-js";
import { parseExactQuantity } from "../exact-quantity.ts";

/** A quantity of the Kubernetes CEL library. */
class CelQuantity {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

const billion = 1_000_000_000n;

/** `quantity`, `isQuantity` and their arithmetic (apiserver cel/library/quantity.go). */
export function registerQuantities(env: Environment): void {
  env.registerType("kubernetes.Quantity", CelQuantity);
  env.registerFunction("quantity(string): kubernetes.Quantity", parse);
  env.registerFunction("isQuantity(string): bool", (text: string) => parseExactQuantity(text) !== undefined);
  env.registerFunction("kubernetes.Quantity.isInteger(): bool", (q: CelQuantity) => q.nanos % billion === 0n);
  env.registerFunction("kubernetes.Quantity.asInteger(): int", (q: CelQuantity) => {
    if (q.nanos % billion !== 0n) throw new Error("cannot convert value to integer");
    return q.nanos / billion;
  });
  env.registerFunction(
    "kubernetes.Quantity.asApproximateFloat(): double",
    (q: CelQuantity) => Number(q.nanos) / 1e9,
  );
  const sign = (q: CelQuantity) => compare(q.nanos, 0n);
  env.registerFunction("kubernetes.Quantity.sign(): int", sign);
  env.registerFunction("sign(kubernetes.Quantity): int", sign);
  env.registerFunction(
    "kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool",
    (a: CelQuantity, b: CelQuantity) => Boolean(a.nanos < b.nanos),
  );
  env.registerFunction(
    "kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool",
    (a: CelQuantity, b: CelQuantity) => a.nanos > b.nanos,
  );
  env.registerFunction(
    "kubernetes.Quantity.compareTo(kubernetes.Quantity): int",
    (a: CelQuantity, b: CelQuantity) => compare(a.nanos, b.nanos),
  );
  for (const [name, sign] of [
    ["add", 1n],
    ["sub", -1n],
  ] as const) {
    env.registerFunction(
      `kubernetes.Quantity.${name}(kubernetes.Quantity): kubernetes.Quantity`,
      (a: CelQuantity, b: CelQuantity) => new CelQuantity(a.nanos + sign * b.nanos),
    );
    env.registerFunction(
      `kubernetes.Quantity.${name}(int): kubernetes.Quantity`,
      (a: CelQuantity, b: bigint) => new CelQuantity(a.nanos + sign * b * billion),
    );
  }
  env.registerOperator(
    "kubernetes.Quantity == kubernetes.Quantity",
    (a: CelQuantity, b: CelQuantity) => a.nanos === b.nanos,
  );
}

function parse(text: string): CelQuantity {
  const quantity = parseExactQuantity(text);
  if (!quantity) {
    throw new Error(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  }
  return new CelQuantity(quantity.nanos);
}

function compare(a: bigint, b: bigint): bigint {
  return a < b ? -1n : a > b ? 1n : 0n;
}
