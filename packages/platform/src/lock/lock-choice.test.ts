import assert from "node:assert/strict";
import { once } from "node:events";
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Problem, ProblemError } from "@slipway/yaml";
import {
  makeLockedUpstream,
  makeRepository,
  makeSmallUpstream,
  rawFile,
  releaseFiles,
  type SmallUpstream,
  skipWithoutGit,
  writeFiles,
  writePlatformFile,
} from "../../../../test/support/small-upstream.ts";
import { buildBundle } from "../build-bundle.ts";
import { loadPlatform, readReleaseChoice } from "../load-platform.ts";
import type { LockedRelease } from "./lock.ts";
import { type LockOptions, lockChoice } from "./lock-choice.ts";
import { readLock } from "./lock-file.ts";

const options = { skip: skipWithoutGit };

function upstreamWith(
  context: TestContext,
  release: Record<string, unknown> = { version: "1.0" },
): SmallUpstream {
  const upstream = makeSmallUpstream(context);
  writePlatformFile(upstream, release);
  return upstream;
}

async function lock(
  { project, cache }: SmallUpstream,
  how: LockOptions & { readonly release?: string } = {},
) {
  const { release, ...rest } = how;
  const named = release === undefined ? {} : { release };
  return lockChoice(await readReleaseChoice({ directory: project, cache, ...named }), rest);
}

async function names({ project, cache }: SmallUpstream): Promise<string[]> {
  const bundle = buildBundle(await loadPlatform({ directory: project, cache }));
  return bundle.resources.map(({ object }) => object.metadata.name);
}

async function problemOf(action: Promise<unknown>): Promise<Problem> {
  const error = await action.then(
    () => new Error("it went well"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

const lockedIn = ({ project }: SmallUpstream) => readLock(join(project, "slipway.lock"));

const built = ["kubeflow", "base", "own", "raw", "shared"];

test(
  "a lock holds commit and digests of the release and of all that lies behind it",
  options,
  async (context) => {
    const upstream = upstreamWith(context);
    const { changes, file } = await lock(upstream);
    assert.equal(file, join(upstream.project, "slipway.lock"));
    assert.deepEqual(
      changes.map(({ change, what }) => `${change} ${what}`),
      [
        "added https://github.com/kubeflow/community-distribution 1.0",
        "added https://github.com/acme/bases v1",
        `added ${rawFile}`,
      ],
    );
    const [entry] = readLock(file) as [LockedRelease];
    const [bases, raw] = entry.remotes;
    // `config` is what the reference names, `shared` what the base there refers to; `docs` is not wanted.
    assert.ok(bases && "paths" in bases);
    assert.deepEqual(bases.paths, ["config", "shared"]);
    assert.ok(raw && "digest" in raw && /^sha256:/.test(raw.digest));
    assert.deepEqual((await names(upstream)).sort(), [...built].sort());
    assert.deepEqual((await lock(upstream)).changes, [], "locking again changes nothing");
  },
);

test(
  "what is locked and cached is built without the network; without a cache it is fetched once",
  options,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    rmSync(upstream.cache, { recursive: true });
    assert.equal((await names(upstream)).length, built.length);
    renameSync(join(upstream.folder, "github.com"), join(upstream.folder, "gone"));
    assert.equal((await names(upstream)).length, built.length);
    rmSync(upstream.cache, { recursive: true });
    const problem = await problemOf(names(upstream));
    assert.equal(problem.code, "release/fetch-failed");
    assert.match(problem.related?.[0]?.message ?? "", /git: .*community-distribution, ref: 1\.0/);
  },
);

test("nothing is built that is not locked", options, async (context) => {
  const upstream = upstreamWith(context);
  const problem = await problemOf(names(upstream));
  assert.equal(problem.code, "release/not-locked");
  assert.match(problem.next ?? "", /slipway release lock/);
  assert.equal(problem.position?.line, 5);
  const named = await problemOf(loadPlatform({ directory: upstream.project, release: "1.0" }));
  assert.match(named.next ?? "", /slipway release lock --release 1\.0 writes/);
});

test(
  "a tag that has moved is told with both commits, of the release and of a base, unless told to update",
  options,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    const [before] = lockedIn(upstream) as [LockedRelease];
    const release = upstream.release.commit(releaseFiles("second"), "refs/tags/1.0");
    const bases = upstream.bases.commit({ "config/default/more.txt": "more" }, "refs/tags/v1");
    const problem = await problemOf(lock(upstream));
    const told = JSON.stringify(problem.related);
    for (const commit of [before.commit, release, bases]) assert.ok(told.includes(commit), told);
    assert.equal(problem.code, "release/moved");
    assert.match(problem.next ?? "", /--update/);
    assert.deepEqual(lockedIn(upstream), [before], "nothing is written");
    const after = (await lock(upstream, { update: true })).entry as LockedRelease;
    assert.equal(after.commit, release);
    assert.equal(lockedIn(upstream).length, 1);
  },
);

test("a build that has to fetch does not take a tag that has moved", options, async (context) => {
  const upstream = await makeLockedUpstream(context);
  const [{ commit }] = lockedIn(upstream) as [LockedRelease];
  const now = upstream.release.commit(releaseFiles("second"), "refs/tags/1.0");
  assert.equal((await names(upstream)).length, built.length, "the cache has what is locked");
  rmSync(upstream.cache, { recursive: true });
  const problem = await problemOf(names(upstream));
  assert.equal(problem.code, "release/moved");
  assert.ok(problem.message.includes(commit) && problem.message.includes(now), problem.message);
});

test(
  "a raw file that a server has changed is told with both digests, when locking and when fetching",
  options,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    let text = readFileSync(join(upstream.folder, "github.com/acme/files/releases/download/v1/raw.yaml"));
    const server = createServer((_request, response) => response.end(text)).listen(0, "127.0.0.1");
    context.after(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const mirrors = { ...upstream.mirrors, "https://github.com/acme/files/": `http://127.0.0.1:${port}/` };
    writePlatformFile({ ...upstream, mirrors }, { version: "1.0" });
    rmSync(upstream.cache, { recursive: true });
    assert.equal((await names(upstream)).length, built.length);
    text = Buffer.from("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n");
    rmSync(upstream.cache, { recursive: true });
    for (const action of [lock, names]) {
      const problem = await problemOf(action(upstream));
      assert.equal(problem.code, "release/changed");
      assert.equal(new Set(problem.message.match(/sha256:[0-9a-f]{64}/g)).size, 2, problem.message);
    }
  },
);

test(
  "a file in the cache that is not what was locked is an error with both digests and its place",
  options,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    for (const name of ["own.yaml", "base.yaml"]) {
      const [file = ""] = globSync(`trees/*/files/**/${name}`, { cwd: upstream.cache });
      const path = join(upstream.cache, file);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace(/value: .*/, "value: changed"));
      const problem = await problemOf(names(upstream));
      assert.equal(problem.code, "release/changed");
      assert.ok(problem.message.includes(name));
      assert.equal(new Set(problem.message.match(/sha256:[0-9a-f]{64}/g)).size, 2);
      writeFileSync(path, text);
    }
    assert.equal((await names(upstream)).length, built.length);
  },
);

test("two releases that are locked at once both stay; --prune leaves one", options, async (context) => {
  const upstream = upstreamWith(context);
  upstream.release.commit(releaseFiles("second"), "refs/tags/1.1");
  const file = join(upstream.project, "slipway.lock");
  await Promise.all([lock(upstream), lock(upstream, { release: "1.1" }), lock(upstream)]);
  const refs = () => readLock(file).map((entry) => ("ref" in entry ? entry.ref : entry.path));
  assert.deepEqual(refs().sort(), ["1.0", "1.1"]);
  await lock(upstream, { prune: true });
  assert.deepEqual(refs(), ["1.0"]);
});

test("--check writes nothing", options, async (context) => {
  const upstream = upstreamWith(context);
  const { changes, file } = await lock(upstream, { check: true });
  assert.equal(changes.length, 3);
  assert.deepEqual(readLock(file), []);
});

test("a branch may move on: what is locked is still built", options, async (context) => {
  const repository = "https://github.com/kubeflow/community-distribution";
  const upstream = makeSmallUpstream(context);
  upstream.release.commit({}, "refs/heads/next");
  writePlatformFile(upstream, { git: repository, ref: "next" });
  await lock(upstream);
  upstream.release.commit(releaseFiles("second"), "refs/heads/next");
  rmSync(upstream.cache, { recursive: true });
  assert.equal((await names(upstream)).length, built.length);
  assert.equal((await problemOf(lock(upstream))).code, "release/moved");
});

test("of a folder of one's own only what it refers to is locked", options, async (context) => {
  const upstream = makeSmallUpstream(context);
  writeFiles(upstream.project, releaseFiles("first"));
  writePlatformFile(upstream, { path: "." });
  const missing = await problemOf(names(upstream));
  assert.equal(missing.code, "kustomize/remote");
  assert.match(missing.next ?? "", /git: https:\/\/github\.com\/acme\/bases, ref: v1/);
  const { entry } = await lock(upstream);
  assert.deepEqual(Object.keys(entry), ["path", "remotes"]);
  writeFiles(upstream.project, releaseFiles("changed by its owner"));
  assert.equal((await names(upstream)).length, built.length);
});

test(
  "what can't be had is told: an unknown tag, a folder that a repository has not",
  options,
  async (context) => {
    const upstream = upstreamWith(context, { version: "1.9" });
    const unknown = await problemOf(lock(upstream));
    assert.equal(unknown.code, "release/no-such-ref");
    assert.match(unknown.next ?? "", /1\.0/);
    writePlatformFile(upstream, { version: "1.0" });
    upstream.release.commit(
      {
        "example/kustomization.yaml":
          "resources: [../common/kubeflow-namespace/base, 'https://github.com/acme/bases//nowhere?ref=v1']\n",
      },
      "refs/tags/1.0",
    );
    const nowhere = await problemOf(lock(upstream));
    assert.equal(nowhere.code, "release/no-such-remote");
    assert.match(nowhere.message, /bases\/\/nowhere/);
  },
);

test("a password in an address is in no lock and in no error", options, async (context) => {
  const upstream = makeSmallUpstream(context);
  const git = `file://someone:hunter2@localhost${join(upstream.folder, "nowhere")}`;
  writePlatformFile(upstream, { git, ref: "1.0" });
  const problem = await problemOf(lock(upstream));
  assert.equal(problem.code, "release/fetch-failed");
  assert.doesNotMatch(JSON.stringify(problem), /hunter2/);
});

for (const ref of ["--upload-pack=x", "..", "a b"]) {
  test(`${ref} is refused as a ref before git runs`, async (context) => {
    const upstream = makeSmallUpstream(context);
    writePlatformFile(upstream, { git: upstream.release.folder, ref });
    assert.equal((await problemOf(lock(upstream))).code, "release/bad-ref");
  });
}

test("git runs in no repository but its own, also from a hook", options, async (context) => {
  const upstream = upstreamWith(context);
  const other = makeRepository(join(upstream.folder, "other"));
  const head = other.commit({ file: "text" }, "refs/tags/v1");
  process.env.GIT_DIR = other.folder;
  try {
    await lock(upstream);
  } finally {
    delete process.env.GIT_DIR;
  }
  assert.equal(readFileSync(join(other.folder, "refs/tags/v1"), "utf8").trim(), head);
  assert.doesNotMatch(readFileSync(join(other.folder, "config"), "utf8"), /origin/);
});

test("a lock that is none is refused with its place", async (context) => {
  const upstream = upstreamWith(context);
  const file = join(upstream.project, "slipway.lock");
  writeFileSync(file, "apiVersion: slipway.dev/v1alpha1\nkind: Lock\nreleases:\n- git: x\n  ref: 1\n");
  const problem = await problemOf(names(upstream));
  assert.equal(problem.code, "lock/invalid");
  assert.equal(problem.position?.line, 4);
});
