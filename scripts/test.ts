// Runs types, lint and every test that needs only Node and closes with `N passed, N failed, N skipped`.
// `node scripts/test.ts FILE…` runs just those; `--real` runs the suites named `*.real.test.ts`, which need more.
// The tests beside a package's code share a process, as the scenarios do, which loads and compiles that code once.
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { run } from "node:test";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "..");
const chosen = process.argv.slice(2).filter((argument) => argument !== "--real");
const real = process.argv.includes("--real");
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

/** Counts one command as one test. */
function step(name: string, command: string, args: string[]): void {
  const started = Date.now();
  const result = spawnSync(join(root, "node_modules/.bin", command), args, { cwd: root, encoding: "utf8" });
  const ok = result.status === 0;
  counts[ok ? "passed" : "failed"] += 1;
  console.log(`${ok ? "ok  " : "FAIL"} ${name} (${Date.now() - started} ms)`);
  if (!ok) console.log(result.stdout + result.stderr);
}

if (chosen.length === 0 && !real) {
  step("types", "tsc", ["--noEmit"]);
  step("lint", "biome", ["check", "--error-on-warnings", "."]);
}

const files =
  chosen.length > 0
    ? chosen
    : globSync(["packages/*/src/**/*.test.ts", "test/**/*.test.ts"], { cwd: root }).filter(
        (file) => file.endsWith(".real.test.ts") === real,
      );
const entries = mkdtempSync(join(tmpdir(), "slipway-tests-"));
process.on("exit", () => rmSync(entries, { recursive: true, force: true }));
const perFile = new Map<string, { passed: number; failed: number; skipped: number; ms: number }>();
const stream = run({
  files: processesFor(files.sort()),
  // One more than there are processors, as some wait for a file to be seen or a process to end.
  concurrency: Math.max(2, availableParallelism()) + 1,
  execArgv: ["--import", join(import.meta.dirname, "test-process.ts")],
});
/** What a file said beside the outcomes of its tests. */
const said = new Map<string, string>();
for await (const { type, data } of stream) {
  if ((type === "test:stderr" || type === "test:diagnostic") && data.file !== undefined)
    said.set(data.file, `${said.get(data.file) ?? ""}${data.message.trimEnd()}\n`);
  if (type !== "test:pass" && type !== "test:fail") continue;
  if (data.details.type === "suite" || data.file === undefined) continue;
  // A file as a whole: counted where it failed for another reason than its tests.
  if (data.name === data.file && (type === "test:pass" || perFile.get(nameOf(data.file))?.failed)) continue;
  const outcome = data.skip !== undefined ? "skipped" : type === "test:pass" ? "passed" : "failed";
  counts[outcome] += 1;
  const file = nameOf(data.file);
  const row = perFile.get(file) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 };
  row[outcome] += 1;
  row.ms += data.details.duration_ms;
  perFile.set(file, row);
  if (outcome === "skipped") console.log(`skip ${file}: ${data.name} (${data.skip})`);
  if (type === "test:fail" && outcome === "failed") {
    const reason = data.name === data.file ? said.get(data.file) : describe(data.details.error);
    failures.push(`FAIL ${file}:${data.line ?? 0} ${data.name === data.file ? "" : data.name}\n${reason}`);
  }
}

/** What each process is to run: a file of its own, or one that imports all that share the process. */
function processesFor(files: readonly string[]): string[] {
  const byProcess = Object.groupBy(
    files,
    (file) => /^(packages\/[^/]+|test\/scenarios)\//.exec(file)?.[1] ?? file,
  );
  // Many files first, so that no long process is left for the end.
  const longestFirst = Object.entries(byProcess).sort(([, a = []], [, b = []]) => b.length - a.length);
  return longestFirst.map(([name, together = []]) => {
    const [first = "", ...more] = together.map((file) => resolve(root, file));
    if (more.length === 0) return first;
    const entry = join(entries, `${name.replace("/", "-")}.mjs`);
    writeFileSync(
      entry,
      [first, ...more].map((file) => `import ${JSON.stringify(pathToFileURL(file))};\n`).join(""),
    );
    return entry;
  });
}

/** A file as people know it. */
function nameOf(file: string): string {
  return file.startsWith(entries) ? basename(file, ".mjs").replace("-", "/") : relative(root, file);
}

/** The assertion's own text and where it was thrown. */
function describe(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return `${cause.stack ?? cause.message}\n`;
}

for (const [file, row] of [...perFile].sort()) {
  const verdict = row.failed > 0 ? "FAIL" : "ok  ";
  console.log(`${verdict} ${file}: ${row.passed} passed, ${row.failed} failed (${Math.round(row.ms)} ms)`);
}
for (const failure of failures) console.log(`\n${failure}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
