// A small release in git repositories on disk, which refers to another repository and to a raw file.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { lockRelease, readReleaseChoice } from "@slipway/platform";

/** A repository that tests commit to. */
export interface TestRepository {
  readonly folder: string;
  /** Commits changed files, makes refs (`refs/tags/v1`) point to it, and gives the commit. */
  commit(files: Readonly<Record<string, string>>, ...refs: readonly string[]): string;
}

/** Repositories and files under the addresses that a release refers to them by. */
export interface SmallUpstream {
  readonly folder: string;
  readonly release: TestRepository;
  /** The repository of the base that the release refers to. */
  readonly bases: TestRepository;
  /** For `spec.release.mirrors`. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** A folder for a project, and one for the cache. */
  readonly project: string;
  readonly cache: string;
}

const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: kubeflow\ndata:\n  value: "${value}"\n`;

export const rawFile = "https://github.com/acme/files/releases/download/v1/raw.yaml";

/** The files of the small release; `value` is in one of its objects. */
export const releaseFiles = (value: string): Record<string, string> => ({
  "README.md": "Not read by any build.\n",
  LICENSE: "Do what you like.\n",
  "example/kustomization.yaml": `resources:
- ../common/kubeflow-namespace/base
- https://github.com/acme/bases//config/default?ref=v1
- ${rawFile}
`,
  "common/kubeflow-namespace/base/kustomization.yaml": "resources: [namespace.yaml, own.yaml]\n",
  "common/kubeflow-namespace/base/namespace.yaml":
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kubeflow\n",
  "common/kubeflow-namespace/base/own.yaml": configMap("own", value),
  "common/unused/kustomization.yaml": "resources: [unused.yaml]\n",
});

const releaseRepository = "kubeflow/community-distribution";
const basesRepository = "acme/bases";

/** All of it, made once in a process: release 1.0 of the usual repository, v1 of the bases. */
const original = once(() => {
  const network = join(folderOfProcess(), "github.com");
  makeRepository(join(network, releaseRepository)).commit(releaseFiles("first"), "refs/tags/1.0");
  makeRepository(join(network, basesRepository)).commit(
    {
      "config/default/kustomization.yaml": "resources: [base.yaml, ../../shared]\n",
      "config/default/base.yaml": configMap("base", "base"),
      "shared/kustomization.yaml": "resources: [shared.yaml]\n",
      "shared/shared.yaml": configMap("shared", "shared"),
      "docs/large.txt": "Not wanted.\n",
    },
    "refs/tags/v1",
  );
  writeFiles(network, { "acme/files/releases/download/v1/raw.yaml": configMap("raw", "raw") });
  return network;
});

/** A copy of all of it, for one test. */
export function makeSmallUpstream(context: TestContext): SmallUpstream {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-upstream-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return copyOriginal(folder);
}

function copyOriginal(folder: string): SmallUpstream {
  const network = join(folder, "github.com");
  cpSync(original(), network, { recursive: true });
  const project = join(folder, "project");
  mkdirSync(project);
  return {
    folder,
    release: openRepository(join(network, releaseRepository), 1),
    bases: openRepository(join(network, basesRepository), 1),
    mirrors: { "https://github.com/": `${network}/` },
    project,
    cache: join(folder, "cache"),
  };
}

/** What locking release 1.0 leaves, made once in a process: the lock, and the cache that it fills. */
const locked = once(async () => {
  const upstream = copyOriginal(folderOfProcess());
  writePlatformFile(upstream, { version: "1.0" });
  const { project, cache } = upstream;
  await lockRelease(await readReleaseChoice({ directory: project, cache }));
  return { lock: join(project, "slipway.lock"), cache };
});

/** The same in a project that names release 1.0 and has locked it. */
export async function makeLockedUpstream(context: TestContext): Promise<SmallUpstream> {
  const { lock, cache } = await locked();
  const upstream = makeSmallUpstream(context);
  writePlatformFile(upstream, { version: "1.0" });
  cpSync(lock, join(upstream.project, "slipway.lock"));
  cpSync(cache, upstream.cache, { recursive: true });
  return upstream;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A folder that is gone when the process ends. */
function folderOfProcess(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-upstream-")));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new bare repository with nothing in it. */
export function makeRepository(folder: string): TestRepository {
  for (const part of ["objects", "refs"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  return openRepository(folder, 0);
}

/** A bare repository to which so many commits were made. */
function openRepository(folder: string, commits: number): TestRepository {
  let count = commits;
  return {
    folder,
    commit: (files, ...refs) => {
      count += 1;
      const stream = commitStream(files, count, refs);
      execFileSync("git", ["-C", folder, "fast-import", "--quiet", "--force"], {
        input: stream,
        env: { PATH: process.env.PATH, HOME: folder },
      });
      return readFileSync(join(folder, "refs/heads/main"), "utf8").trim();
    },
  };
}

/** A commit on top of main, and refs that are to point to it (git-fast-import). */
function commitStream(
  files: Readonly<Record<string, string>>,
  count: number,
  refs: readonly string[],
): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const writes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const parent = count > 1 ? "from refs/heads/main^0\n" : "";
  return [
    `commit refs/heads/main\ncommitter Test <test@example.com> ${1_700_000_000 + count} +0000\n`,
    data("A change"),
    parent,
    ...writes,
    ...refs.map((ref) => `reset ${ref}\nfrom refs/heads/main\n`),
    "done\n",
  ].join("");
}

/** A slipway.yaml in the project that names a release. */
export function writePlatformFile(
  { project, mirrors }: SmallUpstream,
  release: Readonly<Record<string, unknown>>,
): string {
  const file = join(project, "slipway.yaml");
  const spec = JSON.stringify({ ...release, mirrors });
  writeFileSync(
    file,
    `apiVersion: slipway.dev/v1alpha1\nkind: Platform\nmetadata: { name: test }\nspec:\n  release: ${spec} # the one\n`,
  );
  return file;
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** For the `skip` option of tests: why there can be no repositories here. */
export const skipWithoutGit = (() => {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return false;
  } catch {
    return "no git program";
  }
})();
