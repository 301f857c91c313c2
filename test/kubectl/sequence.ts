// What a sequence file says, parsed once.
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isJsonObject, type Json, ProblemError, readYamlDocument } from "@slipway/yaml";

/**
 * How much of what a command leaves behind is compared: all of it, its exit code (what it prints depends on how fast
 * the cluster is), or all without the documentation of fields, which the embedded server has none of for built-in
 * kinds.
 */
export type Extent = "all" | "exit code" | "undocumented";

/** One command, as somebody types it into a shell. */
export interface Step {
  readonly command: string;
  readonly extent: Extent;
  /** Why the servers are known to differ, where they do. */
  readonly differs?: string;
}

/** Commands that follow each other in a namespace of their own, which is called as the sequence is. */
export interface Sequence {
  readonly name: string;
  /** Files that the commands find in their working directory, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const folder = join(import.meta.dirname, "sequences");

/** All sequences, in the order of their files' names. */
export function loadSequences(): Sequence[] {
  return globSync("*.yaml", { cwd: folder })
    .sort()
    .map((file) => readSequence(readFileSync(join(folder, file), "utf8"), file));
}

/**
 * Reads a sequence: `files` maps names to text or to the object that is in them, `steps` lists commands;
 * `settle: COMMAND` is one whose text does not count, `undocumented: COMMAND` one without the documentation of
 * fields, and `{ command: COMMAND, differs: WHY }` one that is known to differ.
 * @throws ProblemError `sequence/invalid` with file and line
 */
export function readSequence(text: string, file: string): Sequence {
  const document = readYamlDocument(text, { file });
  const fail = (path: readonly (string | number)[], message: string): never => {
    const position = document.position(path);
    throw new ProblemError({ code: "sequence/invalid", message, position });
  };
  const root = isJsonObject(document.value) ? document.value : fail([], "a sequence is a map");
  for (const key of Object.keys(root)) {
    if (!["about", "files", "steps"].includes(key)) fail([key], `a sequence has no "${key}"`);
  }
  const { files = {}, steps } = root;
  if (!isJsonObject(files)) return fail(["files"], "files: must be a map");
  if (!Array.isArray(steps)) return fail(["steps"], "steps: must be a list");
  return {
    name: basename(file, ".yaml"),
    files: Object.fromEntries(Object.entries(files).map(([name, value]) => [name, textOf(value ?? "")])),
    steps: steps.map(
      (step, index) =>
        readStep(step) ?? fail(["steps", index], "a step is a command, or a map that holds one"),
    ),
  };
}

function readStep(step: Json): Step | undefined {
  if (typeof step === "string") return { command: step, extent: "all" };
  if (!isJsonObject(step)) return undefined;
  const { settle, undocumented, command, differs } = step;
  if (typeof settle === "string") return { command: settle, extent: "exit code" };
  if (typeof undocumented === "string") return { command: undocumented, extent: "undocumented" };
  if (typeof command !== "string" || typeof differs !== "string") return undefined;
  return { command, extent: "all", differs };
}

/** Text as it is; an object as JSON; a list as a v1 List of its objects. */
function textOf(value: Json): string {
  if (typeof value === "string") return value;
  return JSON.stringify(Array.isArray(value) ? { apiVersion: "v1", kind: "List", items: value } : value);
}
