// Scenario files on disk.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isJsonObject, type JsonObject, readYamlDocument } from "@slipway/yaml";
import { formatExpectation } from "./format.ts";
import { readScenarios, type Scenario } from "./scenario.ts";

/** The project's own scenario files. */
export const ownScenarios = join(import.meta.dirname, "../files");

/** Every scenario below a folder, in the order of the files' names. `bases.yaml` holds what all may name. */
export function loadScenarios(folder: string): Scenario[] {
  const files = globSync("**/*.yaml", { cwd: folder }).sort();
  const bases: JsonObject = {};
  for (const file of files.filter((name) => basename(name) === "bases.yaml")) {
    const { value } = readYamlDocument(readFileSync(join(folder, file), "utf8"), { file });
    if (isJsonObject(value)) Object.assign(bases, value);
  }
  return files
    .filter((file) => basename(file) !== "bases.yaml")
    .flatMap((file) => readScenarios(readFileSync(join(folder, file), "utf8"), join(folder, file), bases));
}

/** Writes what was observed into a file's `expect:` blocks; all of its scenarios must be given. */
export function recordExpectations(
  file: string,
  observed: ReadonlyMap<Scenario, readonly JsonObject[]>,
): void {
  const lines = readFileSync(file, "utf8").split("\n");
  const edits = [...observed].flatMap(([scenario, observations]) =>
    scenario.steps.map((step, index) => ({ step, observation: observations[index] ?? {} })),
  );
  for (const { step, observation } of edits.sort((a, b) => b.step.line - a.step.line)) {
    const margin = " ".repeat(step.column - 1);
    let end = step.line;
    while (end < lines.length && (lines[end]?.startsWith(margin) || lines[end] === "")) end++;
    while (end > step.line && lines[end - 1] === "") end--;
    let begin = step.line;
    while (begin < end && !lines[begin]?.startsWith(`${margin}expect:`)) begin++;
    lines.splice(begin, end - begin, ...formatExpectation(observation, margin));
  }
  writeFileSync(file, lines.join("\n"));
}
