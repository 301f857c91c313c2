// Builds everything that a release can be asked to build, to learn which files that reads and what it lacks.
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { build, diskFileSystem, type FileSystem, type Remotes } from "@slipway/kustomize";
import { ProblemError } from "@slipway/yaml";
import { catalogue } from "../catalogue/catalogue.ts";
import type { Release } from "../release/release.ts";

/** What building a release takes. */
export interface Survey {
  /** Files that were read, absolute, links resolved. */
  readonly read: ReadonlySet<string>;
  /** Paths that were looked for in vain. */
  readonly absent: ReadonlySet<string>;
  /** References that no copy was found of, as kustomizations write them. */
  readonly missing: ReadonlySet<string>;
  /** Why the release's example does not build, apart from what is missing. */
  readonly problem?: ProblemError;
}

/** Builds a release's example, and each component of the catalogue that can be added to it. */
export function surveyRelease(release: Release, remotes: Remotes): Survey {
  const read = new Set<string>();
  const absent = new Set<string>();
  const missing = new Set<string>();
  const options = {
    fileSystem: noting(diskFileSystem, read, absent),
    // A build asks for advice about exactly what it lacks.
    remotes: { ...remotes, advise: (reference: string) => String(missing.add(reference) && "") },
  };
  const buildable = (directory: string): ProblemError | undefined => {
    try {
      build(join(release.root, directory), options);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return ["kustomize/remote", "kustomize/refused-network"].includes(error.problem.code)
        ? undefined
        : error;
    }
  };
  const problem = buildable(posix.dirname(release.example));
  // A component that does not build is the trouble of whoever adds it, who is told by then.
  for (const directory of addableDirectories(release)) buildable(directory);
  return { read, absent, missing, ...(problem ? { problem } : {}) };
}

/** The directories of components that the example does not list. */
function addableDirectories({ root, entries }: Release): string[] {
  const listed = new Set(entries.map(({ component }) => component));
  return catalogue
    .filter(({ name }) => !listed.has(name))
    .flatMap(
      ({ layouts }) => layouts.find((paths) => paths.every((path) => existsSync(join(root, path)))) ?? [],
    );
}

function noting(base: FileSystem, read: Set<string>, absent: Set<string>): FileSystem {
  return {
    ...base,
    readFile: (path) => {
      const content = base.readFile(path);
      read.add(base.realPath(path));
      return content;
    },
    kind: (path) => {
      const kind = base.kind(path);
      if (kind === undefined) absent.add(path);
      return kind;
    },
  };
}
