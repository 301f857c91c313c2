import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../support/fixtures.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Its own modules that are others elsewhere than in Node, as `#NAME`. */
  readonly imports?: Readonly<Record<string, unknown>>;
  /** What others may import of it, as `.` or `./NAME`. */
  readonly exports?: Readonly<Record<string, unknown>>;
}

const packages = globSync("packages/*/package.json", { cwd: repositoryRoot }).map((file) => {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot, file), "utf8")) as Manifest;
  return { folder: join(repositoryRoot, file, ".."), manifest };
});

/** The module specifiers that a TypeScript source imports or re-exports. */
function importsOf(source: string): string[] {
  return [...source.matchAll(/^\s*(?:import|export)\b[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)/gms)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
}

for (const { folder, manifest } of packages) {
  test(`${manifest.name} imports only what its package.json declares`, () => {
    for (const file of globSync("src/**/*.ts", { cwd: folder })) {
      const isTest = file.endsWith(".test.ts");
      for (const specifier of importsOf(readFileSync(join(folder, file), "utf8"))) {
        if (specifier.startsWith("node:")) continue;
        if (specifier.startsWith("#")) {
          assert.ok(
            manifest.imports?.[specifier],
            `${file} imports ${specifier}, which is not in package.json`,
          );
          continue;
        }
        if (specifier.startsWith(".")) {
          const target = join(folder, file, "..", specifier);
          const outside = relative(folder, target).startsWith("..");
          assert.ok(!outside || isTest, `${file} reaches out of its package: ${specifier}`);
          continue;
        }
        const name = specifier
          .split("/")
          .slice(0, specifier.startsWith("@") ? 2 : 1)
          .join("/");
        const declared = manifest.dependencies?.[name] !== undefined || name === manifest.name;
        assert.ok(declared || isTest, `${file} imports ${name}, which ${manifest.name} does not declare`);
        const { exports } = packages.find((other) => other.manifest.name === name)?.manifest ?? {};
        assert.ok(
          !exports || `.${specifier.slice(name.length)}` in exports,
          `${file} imports past the public face of ${name}: ${specifier}`,
        );
      }
    }
  });
}

test("packages depend on each other in one direction", () => {
  const arrows = new Map(
    packages.map(({ manifest }) => [
      manifest.name,
      Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith("@slipway/")),
    ]),
  );
  const visit = (name: string, path: readonly string[]): void => {
    assert.ok(!path.includes(name), `a cycle of packages: ${[...path, name].join(" -> ")}`);
    for (const next of arrows.get(name) ?? []) visit(next, [...path, name]);
  };
  for (const name of arrows.keys()) visit(name, []);
});

test("the lock file names no download addresses", () => {
  const lock = readFileSync(join(repositoryRoot, "package-lock.json"), "utf8");
  assert.doesNotMatch(lock, /"resolved": "https?:/);
});
