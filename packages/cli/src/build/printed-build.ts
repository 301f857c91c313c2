import type { Bundle } from "@slipway/platform";

/** A build as it is printed, with what a person should know of it. */
export interface PrintedBuild {
  /** In UTF-8. */
  readonly bytes: Uint8Array;
  readonly warnings: readonly string[];
}

/** The forms in which a build is printed: what kustomize prints, or one JSON List. */
export type BuildFormat = "yaml" | "json";

/** A build in one of its forms. */
export function printBuild(bundle: Bundle, format: BuildFormat): PrintedBuild {
  const warnings = [...bundle.warnings, ...bundle.notes, ...(bundle.deprecations ?? [])];
  if (format === "yaml") return { bytes: bundle.yaml, warnings };
  const items = bundle.resources.map((resource) => resource.object);
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  return { bytes: new TextEncoder().encode(`${list}\n`), warnings };
}
