import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** All of the program that has a part in what a build prints. */
const parts = ["@slipway/kustomize", "@slipway/yaml", "@slipway/platform", "js-yaml"];

/**
 * A digest of the code that builds and of the Node that runs it. The code itself is taken, not a version: in a
 * checkout it changes without one.
 */
export function engineDigest(): string {
  const digest = createHash("sha256").update(process.version);
  for (const part of parts) addFolder(dirname(fileURLToPath(import.meta.resolve(part))), digest);
  addFolder(import.meta.dirname, digest);
  return digest.digest("hex");
}

function addFolder(folder: string, digest: ReturnType<typeof createHash>): void {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.(ts|js|mjs|json)$/.test(entry.name) && !entry.name.endsWith(".test.ts"),
    )
    .map((entry) => join(entry.parentPath, entry.name));
  for (const name of names.sort()) digest.update(name).update(readFileSync(name));
}
