// kustomize's own tests as cases: input files, a directory, what must come out.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type BuildOptions, build, memoryFileSystem } from "@slipway/kustomize";
import { printNode, readNodes } from "@slipway/yaml";
import { runFilterCase } from "./filter-case.ts";
import { buildWithHelm, holdsChart } from "./helm-case.ts";
import { describeError, firstDifference, type Outcome, refusedFeature } from "./outcome.ts";
import { runGeneratorCase, runTransformerCase } from "./plugin-case.ts";
import { runMergeCase, runVarCase } from "./small-cases.ts";

/** A case as its file holds it; which fields are there depends on `kind`. */
export interface ConformanceCase {
  readonly id: string;
  readonly kind: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly filesBase64?: Readonly<Record<string, string>>;
  readonly dir?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly yaml?: string;
    readonly error?: unknown;
    readonly trim?: boolean;
    readonly ok?: boolean;
    readonly yamlContains?: string | readonly string[];
  };
  readonly config?: string;
  readonly input?: string;
  readonly root?: string;
  readonly pkg?: string;
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly source?: string;
  readonly dest?: string;
  readonly infer?: boolean;
  readonly vars?: Readonly<Record<string, unknown>>;
}

const runners: Readonly<Record<string, (one: ConformanceCase) => string>> = {
  kustomize: runBuild,
  transformer: runTransformerCase,
  generator: runGeneratorCase,
  filter: runFilterCase,
  merge2: runMergeCase,
  varexpand: runVarCase,
};

/** One outcome per case of a file, or of all files of a directory and below. */
export function* runCases(path: string): Generator<Outcome> {
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) {
      const child = join(path, name);
      if (/\.json(\.gz)?$/.test(name) || statSync(child).isDirectory()) yield* runCases(child);
    }
    return;
  }
  const bytes = readFileSync(path);
  const content = JSON.parse((path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  const cases: ConformanceCase[] = Array.isArray(content) ? content : (content.cases ?? [content]);
  for (const one of cases) yield clear(one, runCase(one));
}

function runCase(one: ConformanceCase): Outcome {
  const run = runners[one.kind];
  if (run === undefined)
    return { id: one.id, verdict: "failed", detail: `unknown kind of case: ${one.kind}` };
  let actual: string;
  try {
    actual = run(one);
  } catch (error) {
    const feature = refusedFeature(error);
    if (feature !== undefined) return { id: one.id, verdict: "refused", detail: feature };
    // The tables of filter tests that expect an error have no output.
    const wantsError = one.expect.error !== undefined || (one.kind === "filter" && one.expect.yaml === "");
    const expected = wantsError && !describeError(error).startsWith("unexpected");
    return expected
      ? {
          id: one.id,
          verdict: "passed",
          note: `${describeError(error)} <= ${JSON.stringify(one.expect.error)}`,
        }
      : { id: one.id, verdict: "failed", detail: describeError(error) };
  }
  if (one.expect.error !== undefined) {
    const detail = `built, expected the error ${JSON.stringify(one.expect.error)}`;
    return { id: one.id, verdict: "failed", detail };
  }
  return compareText(one, actual);
}

/** A failure says nothing where the reader of kustomize's tests has not understood what is asserted. */
function clear(one: ConformanceCase, outcome: Outcome): Outcome {
  const { error } = one.expect;
  const anyError = typeof error === "object" && error !== null && "any" in error;
  const isUnclear = anyError || JSON.stringify(one).includes("<__main__.");
  return outcome.verdict === "failed" && isUnclear ? { ...outcome, verdict: "unclear" } : outcome;
}

function compareText(one: ConformanceCase, actual: string): Outcome {
  let expected = one.expect.yaml;
  if (expected === undefined) {
    const missing = [one.expect.yamlContains ?? []].flat().find((part) => !actual.includes(part));
    if (missing === undefined) return { id: one.id, verdict: "passed" };
    return { id: one.id, verdict: "failed", detail: `the output lacks ${JSON.stringify(missing)}` };
  }
  const exact = one.kind === "kustomize" || one.kind === "varexpand";
  const keepsBooks = one.kind === "kustomize" || one.kind === "transformer" || one.pkg === "replacement";
  if (keepsBooks) expected = withoutHarness(expected);
  const left = exact ? actual.trim() : normalize(actual);
  const right = exact ? expected.trim() : normalize(expected);
  if (left === right) return { id: one.id, verdict: "passed" };
  return { id: one.id, verdict: "failed", detail: firstDifference(left, right) };
}

/**
 * kustomize's test harness prints its own bookkeeping as annotations, and its version as `(test)`; neither
 * belongs to what a build prints.
 */
function withoutHarness(text: string): string {
  const bookkeeping = /^ +internal\.config\.kubernetes\.io\/.*\n/gm;
  return text
    .replace(bookkeeping, "")
    .replace(/^ +annotations:\n(?= {0,2}\S)/gm, "")
    .replace(/kustomize-\((test|devel)\)/g, "kustomize-v5.8.1");
}

/** Filters print what they were given, comments and styles too; what counts is the content. */
function normalize(text: string): string {
  return readNodes(text, { dialect: "kubectl" })
    .filter((node) => node.type !== "null")
    .map(printNode)
    .join("---\n");
}

function runBuild(one: ConformanceCase): string {
  const files: Record<string, string | Uint8Array> = { ...one.files };
  for (const [path, content] of Object.entries(one.filesBase64 ?? {})) {
    files[path] = Buffer.from(content, "base64");
  }
  const { options = {}, dir = "" } = one;
  const how: BuildOptions = {
    // `unspecified` leaves the choice to kustomize.
    reorder: options.reorder === "none" || options.reorder === undefined ? "none" : "legacy",
    managedByLabel: options.addManagedbyLabel === true,
    loadRestrictor: options.loadRestrictions === "none" ? "none" : "rootOnly",
  };
  if (options.helm === true && holdsChart(files)) return buildWithHelm(files, dir, how);
  return build(`/${dir}`, { ...how, fileSystem: memoryFileSystem(files) }).yaml();
}
