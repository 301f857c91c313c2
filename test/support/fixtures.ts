import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout's root. */
export const repositoryRoot = resolve(import.meta.dirname, "../..");

/** Where real input lies: `SLIPWAY_FIXTURES`, or `../shared/fixtures` beside the checkout. */
export const fixturesRoot = resolve(repositoryRoot, process.env.SLIPWAY_FIXTURES ?? "../shared/fixtures");

/** A path below the fixtures. */
export function fixture(...path: string[]): string {
  return join(fixturesRoot, ...path);
}

/** A path below the facts, which lie beside the fixtures. */
export function fact(name: string): string {
  return join(fixturesRoot, "../facts", name);
}

/**
 * For the `skip` option of a test: false when the path is there, else the reason by name. With
 * `SLIPWAY_REQUIRE_FIXTURES=1` a missing path is an error.
 */
export function skipWithout(path: string): string | false {
  if (existsSync(path)) return false;
  if (process.env.SLIPWAY_REQUIRE_FIXTURES === "1") throw new Error(`required fixture is missing: ${path}`);
  return `no fixture ${path}`;
}
