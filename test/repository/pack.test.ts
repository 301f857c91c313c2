import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { repositoryRoot } from "../support/fixtures.ts";

let project: string;

/** Someone's project in which the tarballs are installed. */
before(() => {
  project = mkdtempSync(join(tmpdir(), "slipway-packed-"));
  const pack = join(repositoryRoot, "scripts/pack.ts");
  const tarballs = execFileSync(process.execPath, [pack, project], { encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(
    tarballs.map((file) => file.slice(project.length + 1)),
    ["slipway-yaml-0.1.0.tgz", "slipway-kustomize-0.1.0.tgz"],
  );
  for (const [index, name] of ["yaml", "kustomize"].entries()) {
    const folder = join(project, "node_modules/@slipway", name);
    mkdirSync(folder, { recursive: true });
    execFileSync("tar", ["-xzf", tarballs[index] ?? "", "--strip-components=1", "-C", folder]);
  }
  symlinkSync(join(repositoryRoot, "node_modules/js-yaml"), join(project, "node_modules/js-yaml"));
});
after(() => rmSync(project, { recursive: true, force: true }));

test("the packed engine runs as JavaScript from node_modules", () => {
  writeFileSync(join(project, "kustomization.yaml"), "namePrefix: my-\nresources: [c.yaml]\n");
  writeFileSync(join(project, "c.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n");
  writeFileSync(
    join(project, "main.js"),
    `import { build, memoryFileSystem } from "@slipway/kustomize";
     const files = { "kustomization.yaml": "resources: [d.yaml]\\n", "d.yaml": "apiVersion: v1\\nkind: Secret\\nmetadata: {name: d}\\n" };
     process.stdout.write(build(".").yaml() + build("/", { fileSystem: memoryFileSystem(files) }).yaml());`,
  );
  writeFileSync(join(project, "package.json"), '{"type": "module"}');
  const output = execFileSync(process.execPath, ["--no-experimental-strip-types", "main.js"], {
    cwd: project,
    encoding: "utf8",
  });
  assert.equal(
    output,
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: my-c\napiVersion: v1\nkind: Secret\nmetadata:\n  name: d\n",
  );
});

test("its declarations are enough for a project in TypeScript", () => {
  writeFileSync(
    join(project, "tsconfig.json"),
    '{"compilerOptions": {"module": "nodenext", "target": "es2024", "strict": true, "noEmit": true, "types": []}, "files": ["main.ts"]}',
  );
  const check = (source: string) => {
    writeFileSync(join(project, "main.ts"), `import { build } from "@slipway/kustomize";\n${source}`);
    const tsc = join(repositoryRoot, "node_modules/.bin/tsc");
    return spawnSync(tsc, ["--project", project], { encoding: "utf8" }).stdout;
  };
  assert.equal(check('export const text: string = build(".").yaml();'), "");
  assert.match(check("build(1);"), /TS2345/);
});
