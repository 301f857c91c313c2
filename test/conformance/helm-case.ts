// Cases with helm charts of their own, inflated by a real helm where one is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type BuildOptions, build } from "@slipway/kustomize";
import { helmProgram } from "../../packages/cli/src/input/helm-program.ts";
import { builtGoProgram } from "../support/go-program.ts";
import { helm } from "../support/helm.ts";

/** The helm to use: `HELM`, or one that the real suites have built; undefined when there is none. */
const program = process.env.HELM ?? builtGoProgram(helm);

/** True for files that hold a chart; charts that would have to be fetched are never inflated. */
export function holdsChart(files: Readonly<Record<string, unknown>>): boolean {
  return program !== undefined && Object.keys(files).some((path) => /(^|\/)Chart\.yaml$/.test(path));
}

/** Builds from a folder of its own, as helm reads charts from the disk only. */
export function buildWithHelm(
  files: Readonly<Record<string, string | Uint8Array>>,
  directory: string,
  options: BuildOptions,
): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-case-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const runs = helmProgram(program === undefined ? {} : { helmCommand: program }, folder, process.env);
    return build(join(folder, directory), { ...options, helm: runs }).yaml();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
