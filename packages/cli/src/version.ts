import { readFileSync } from "node:fs";
import { join } from "node:path";

/** This package's version. */
export function slipwayVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8"));
  return String((manifest as { version?: unknown }).version);
}

/** `slipway 0.1.0`, or with `-o json` a document that also names the Node that runs it. */
export function renderVersion(flags: readonly string[]): string {
  const version = slipwayVersion();
  const wantsJson = flags.some(
    (flag, at) =>
      /^(-o|--output)=?json$/.test(flag) || (flag === "json" && /^(-o|--output)$/.test(flags[at - 1] ?? "")),
  );
  if (!wantsJson) return `slipway ${version}\n`;
  return `${JSON.stringify({
    apiVersion: "slipway.dev/v1alpha1",
    kind: "Version",
    version,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  })}\n`;
}
