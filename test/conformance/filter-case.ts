// Cases for single filters.
import type { ConformanceCase } from "./cases.ts";
export function runFilterCase(one: ConformanceCase): string {
  throw new Error(`no filter ${one.pkg}`);
}
