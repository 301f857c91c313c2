import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../support/fixtures.ts";

interface LockedPackage {
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(join(repositoryRoot, "package-lock.json"), "utf8")) as {
  packages: Record<string, LockedPackage>;
};

/** Where npm finds a dependency of a package: the nearest node_modules upwards. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

test("the lock holds every dependency, those of other systems as well: npm ci fails without", () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(path.startsWith("packages/") ? "" : path, name))
      .map((name) => `${path} -> ${name}`),
  );
  assert.deepEqual(missing, []);
});

test("the lock names no download addresses", () => {
  const addresses = Object.values(packages).filter(({ resolved, link }) => resolved !== undefined && !link);
  assert.deepEqual(addresses, []);
});

test("no dependency has an install script but node's own", () => {
  const scripted = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path);
  assert.deepEqual(scripted, ["node_modules/node"]);
});
