// What a build leaves behind for the next one: for each directory what it came to, and the objects' texts.
import type { Problem, YamlNode } from "@slipway/yaml";
import { type Accumulator, makeAccumulator } from "./accumulator.ts";
import { copyResource } from "./copy-resource.ts";
import type { BuildSchema } from "./merge/build-schema.ts";
import type { Answers } from "./recorder.ts";
import { sameTree } from "./same-tree.ts";
import type { BuildScope, ScopeMemory } from "./scope.ts";

/** Hand the same one to builds of the same input; each then does only what has changed since the last. */
export interface BuildMemory {
  /** Directories by the chain of kustomizations that leads to them. */
  readonly directories: Map<string, Remembered>;
  /** Printed objects by their ids. */
  readonly texts: Map<string, PrintedObject>;
  /** All that the last build asked of its input, also when it failed. */
  asked: Answers;
}

/** A directory's outcome and all that it depends on. */
interface Remembered {
  readonly answers: Answers;
  readonly accumulator: Accumulator;
  readonly warnings: readonly Problem[];
  /** The schema before it was built, and how far the built-in one was asked for after. */
  readonly before: Pick<BuildSchema, "definitions" | "builtIn">;
  readonly builtInAfter: BuildSchema["builtIn"];
}

interface PrintedObject {
  readonly root: YamlNode;
  readonly text: string;
}

/** A memory in which nothing is yet. */
export function createBuildMemory(): BuildMemory {
  return { directories: new Map(), texts: new Map(), asked: new Map() };
}

/** What a directory came to in an earlier build, if nothing that it read has changed; else makes it anew. */
export function recallDirectory(
  key: string,
  scope: BuildScope,
  memory: ScopeMemory,
  make: () => Accumulator,
): Accumulator {
  const { store, recorder } = memory;
  const known = store.directories.get(key);
  if (known && isSameSchema(known.before, scope.schema) && recorder.holds(known.answers)) {
    recorder.replay(known.answers);
    scope.warnings.push(...known.warnings);
    scope.schema.builtIn = known.builtInAfter;
    return copyAccumulator(known.accumulator);
  }
  const { definitions, builtIn } = scope.schema;
  const warned = scope.warnings.length;
  const unprintable = scope.unprintable.length;
  const { result, answers } = recorder.record(make);
  const warnings = scope.warnings.slice(warned);
  // A directory that has told the rest of the build something must tell it again.
  if (scope.schema.isDecided || scope.unprintable.length > unprintable) {
    store.directories.delete(key);
  } else {
    store.directories.set(key, {
      answers,
      accumulator: copyAccumulator(result),
      warnings,
      before: { definitions, builtIn },
      builtInAfter: scope.schema.builtIn,
    });
  }
  return result;
}

function isSameSchema(left: Remembered["before"], right: Remembered["before"]): boolean {
  return left.definitions === right.definitions && left.builtIn === right.builtIn;
}

function copyAccumulator(from: Accumulator): Accumulator {
  const copy = makeAccumulator();
  copy.config = from.config;
  for (const resource of from.resources) copy.resources.push(copyResource(resource));
  for (const [name, entry] of from.vars) copy.vars.set(name, entry);
  return copy;
}

/** The text of an object, printed only when it is not what it was. */
export function recallText(
  store: BuildMemory,
  id: string,
  root: YamlNode,
  print: (root: YamlNode) => string,
): string {
  const known = store.texts.get(id);
  const text = known && sameTree(known.root, root) ? known.text : print(root);
  store.texts.set(id, { root, text });
  return text;
}
