// A small release in git repositories on disk, which refers to another repository and to a raw file.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

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
  /** Rewrites the raw file that the release refers to. */
  writeRawFile(text: string): void;
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

/** Makes all of it: release 1.0 of the usual repository, v1 of the bases. */
export function makeSmallUpstream(context: TestContext): SmallUpstream {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-upstream-")));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const network = join(folder, "github.com");
  const release = makeRepository(join(network, "kubeflow/community-distribution"));
  release.commit(releaseFiles("first"), "refs/tags/1.0");
  const bases = makeRepository(join(network, "acme/bases"));
  bases.commit(
    {
      "config/default/kustomization.yaml": "resources: [base.yaml, ../../shared]\n",
      "config/default/base.yaml": configMap("base", "base"),
      "shared/kustomization.yaml": "resources: [shared.yaml]\n",
      "shared/shared.yaml": configMap("shared", "shared"),
      "docs/large.txt": "Not wanted.\n",
    },
    "refs/tags/v1",
  );
  const writeRawFile = (text: string) =>
    writeFiles(network, { "acme/files/releases/download/v1/raw.yaml": text });
  writeRawFile(configMap("raw", "raw"));
  const project = join(folder, "project");
  mkdirSync(project);
  return {
    folder,
    release,
    bases,
    writeRawFile,
    mirrors: { "https://github.com/": `${network}/` },
    project,
    cache: join(folder, "cache"),
  };
}

/** A new bare repository with nothing in it. */
export function makeRepository(folder: string): TestRepository {
  for (const part of ["objects", "refs"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  let count = 0;
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
