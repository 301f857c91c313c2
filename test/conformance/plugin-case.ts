// Cases for transformers and generators that a configuration object asks for.
import type { ConformanceCase } from "./cases.ts";
export function runTransformerCase(one: ConformanceCase): string {
  throw new Error(`no plugin ${one.id}`);
}
export function runGeneratorCase(one: ConformanceCase): string {
  throw new Error(`no plugin ${one.id}`);
}
