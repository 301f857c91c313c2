// Small kustomizations whose output is compared with what kustomize 5.8.1 makes of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "../src/build.ts";
import { memoryFileSystem } from "../src/memory-file-system.ts";

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** A kustomization and what stands in its output. */
export interface Case {
  readonly what: string;
  readonly files: Files;
  /** Lines that stand together in the output, without their indentation. */
  readonly lines: readonly string[];
}

/** An object of a kind that kustomize does not know; fields may follow. */
export const foo = "apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n";
/** A kustomization's line that applies the file `p.yaml`. */
export const patch = "patches: [{path: p.yaml}]\n";

/** A kustomization's lines that put a value at a path of the objects of a kind. */
export function replacement(kind: string, path: string, value: string, options = "{}"): string {
  return `replacements:\n- sourceValue: ${value}\n  targets: [{select: {kind: ${kind}}, fieldPaths: ["${path}"], options: ${options}}]\n`;
}

/** A kustomization over one that has an object. */
export function over(object: string, top: string, below = ""): Files {
  return {
    "kustomization.yaml": `resources: [base]\n${top}`,
    "base/kustomization.yaml": `resources: [f.yaml]\n${below}`,
    "base/f.yaml": object,
  };
}

/** What the files build to. */
export function yaml(files: Files): string {
  return build("/", { fileSystem: memoryFileSystem(files) }).yaml();
}

/** One test for each case. */
export function testCases(cases: readonly Case[]): void {
  for (const { what, files, lines } of cases) {
    test(`as kustomize: ${what}`, () => {
      const output = yaml(files);
      assert.ok(flat(output.split("\n")).includes(flat(lines)), output);
    });
  }
}

/** Lines without their indentation, as one text in which each stands apart. */
function flat(lines: readonly string[]): string {
  return `\n${lines.map((line) => line.trim()).join("\n")}\n`;
}
