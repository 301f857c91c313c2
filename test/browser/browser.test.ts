// What is told of @slipway/kustomize in its README: that it runs in a browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../support/fixtures.ts";
import { buildSample } from "./sample.ts";

const kustomize = join(repositoryRoot, "packages/kustomize");
const { imports } = JSON.parse(readFileSync(join(kustomize, "package.json"), "utf8")) as {
  readonly imports: Readonly<Record<string, { readonly default: string }>>;
};

/** What stands in a file that a browser would be served, and what it imports. */
function* browserModules(entry: string): Generator<{ readonly file: string; readonly code: string }> {
  const known = new Set([entry]);
  for (const file of known) {
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
    yield { file, code };
    for (const [, specifier = ""] of code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g)) {
      if (isBuiltin(specifier)) assert.fail(`${file} imports ${specifier}`);
      const own = imports[specifier];
      if (own) known.add(join(kustomize, own.default));
      else if (specifier.startsWith(".")) known.add(join(dirname(file), specifier));
      else known.add(fileURLToPath(import.meta.resolve(specifier)));
    }
  }
}

test("nothing that the package's entry leads to needs Node", () => {
  const files: string[] = [];
  for (const { file, code } of browserModules(join(kustomize, "src/index.ts"))) {
    files.push(file);
    const found = /(?<![\w.$"'])(?:Buffer|process|require|__dirname|__filename|setImmediate)\s*[.(]/.exec(
      code,
    );
    assert.equal(found, null, `${file}: ${found?.[0]}`);
  }
  for (const part of ["kustomize/src/runtime/browser.ts", "yaml/src/index.ts", "js-yaml"]) {
    assert.ok(
      files.some((file) => file.includes(part)),
      `the walk has not found ${part}`,
    );
  }
});

test("without Node's modules and globals it builds the same bytes", () => {
  const run = (file: string) =>
    execFileSync(process.execPath, ["--import", join(import.meta.dirname, "without-node.ts"), file], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const { yaml, withoutFiles } = JSON.parse(run(join(import.meta.dirname, "print-sample.ts"))) as ReturnType<
    typeof buildSample
  >;
  assert.equal(yaml, buildSample().yaml);
  assert.match(withoutFiles, /there is no disk here/);
  // The test could not fail if the hooks let everything through.
  assert.throws(() => run(join(kustomize, "src/runtime/node.ts")), /imports node:crypto/);
});
