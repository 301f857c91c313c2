// npm run pack [-- DIRECTORY]: makes tarballs of the kustomize engine and of what it needs, as JavaScript with
// declarations, for Node without type stripping in node_modules, for bundlers and for browsers. The workspace itself runs from the sources.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const packages = ["yaml", "kustomize"];
const destination = resolve(process.argv[2] ?? "dist");

const work = mkdtempSync(join(tmpdir(), "slipway-pack-"));
try {
  compile();
  mkdirSync(destination, { recursive: true });
  for (const name of packages) {
    const folder = join(work, name);
    renameSync(join(folder, "src"), join(folder, "dist"));
    writeFileSync(join(folder, "package.json"), manifestOf(name));
    copyFileSync(join(root, "packages", name, "README.md"), join(folder, "README.md"));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    console.log(
      join(destination, run("npm", ["pack", "--silent", "--pack-destination", destination], folder).trim()),
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Compiles the packages' sources into the work folder, each to NAME/src. */
function compile(): void {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      rootDir: join(root, "packages"),
      outDir: work,
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: [],
    files: globSync(`packages/{${packages}}/src/**/*.ts`, { cwd: root, exclude: ["**/*.test.ts"] }).map(
      (file) => join(root, file),
    ),
  };
  const file = join(work, "tsconfig.json");
  writeFileSync(file, JSON.stringify(config));
  run(join(root, "node_modules/.bin/tsc"), ["--project", file], root);
  rmSync(file);
}

/** A package's manifest with its sources' places replaced by those of what was compiled from them. */
function manifestOf(name: string): string {
  const text = readFileSync(join(root, "packages", name, "package.json"), "utf8");
  return text
    .replaceAll(/"\.\/src\/([^"]*)\.ts"/g, '"./dist/$1.js"')
    .replace('"type": "module"', '"type": "module",\n  "files": ["dist"]');
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? stderr + stdout}`);
  return stdout;
}
