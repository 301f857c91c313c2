import type { Environment } from "@marcbachmann/cel-js";
import { compareCel } from "./lists.ts";

class Base64Namespace {}
class MathNamespace {}

/** `base64` and `math` of cel-go's extensions. */
export function registerEncodingAndMath(env: Environment): void {
  env.registerType("Base64Namespace", Base64Namespace);
  env.registerConstant("base64", "Base64Namespace", new Base64Namespace());
  env.registerFunction("Base64Namespace.encode(bytes): string", (_: unknown, bytes: Uint8Array) =>
    Buffer.from(bytes).toString("base64"),
  );
  env.registerFunction(
    "Base64Namespace.decode(string): bytes",
    (_: unknown, text: string) => new Uint8Array(Buffer.from(text, "base64")),
  );
  env.registerType("MathNamespace", MathNamespace);
  env.registerConstant("math", "MathNamespace", new MathNamespace());
  const pick = (sign: number) => (values: unknown[]) =>
    values.reduce((best, value) => (compareCel(value, best) * sign > 0 ? value : best));
  for (const [name, sign] of [
    ["greatest", 1],
    ["least", -1],
  ] as const) {
    env.registerFunction(`MathNamespace.${name}(list): dyn`, (_: unknown, list: unknown[]) =>
      pick(sign)(list),
    );
    env.registerFunction(`MathNamespace.${name}(dyn, dyn): dyn`, (_: unknown, ...values: unknown[]) =>
      pick(sign)(values),
    );
    env.registerFunction(`MathNamespace.${name}(dyn, dyn, dyn): dyn`, (_: unknown, ...values: unknown[]) =>
      pick(sign)(values),
    );
  }
  env.registerFunction("MathNamespace.abs(int): int", (_: unknown, value: bigint) =>
    value < 0n ? -value : value,
  );
  env.registerFunction("MathNamespace.abs(double): double", (_: unknown, value: number) => Math.abs(value));
  env.registerFunction("MathNamespace.ceil(double): double", (_: unknown, value: number) => Math.ceil(value));
  env.registerFunction("MathNamespace.floor(double): double", (_: unknown, value: number) =>
    Math.floor(value),
  );
  env.registerFunction(
    "MathNamespace.round(double): double",
    (_: unknown, value: number) => Math.sign(value) * Math.round(Math.abs(value)),
  );
}
