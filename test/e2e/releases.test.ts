// Releases by the real command: listed, locked, built, vendored, and built again with neither network nor git.
import assert from "node:assert/strict";
import { type ChildProcess, spawnSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import {
  buildBundle,
  loadPlatform,
  lockRelease,
  readReleaseChoice,
  type VendorOptions,
  vendorRelease,
} from "@slipway/platform";
import { runInTurn } from "../support/run-in-turn.ts";
import { type Finished, runSlipway } from "../support/run-slipway.ts";
import {
  makeLockedUpstream,
  makeSmallUpstream,
  rawFile,
  releaseFiles,
  type SmallUpstream,
  skipWithoutGit,
  writeFiles,
  writePlatformFile,
} from "../support/small-upstream.ts";

const skip = { skip: skipWithoutGit };

function slipway({ project, cache }: SmallUpstream, ...args: readonly string[]): Promise<Finished> {
  return runInTurn(args, { directory: project, environment: { SLIPWAY_CACHE: cache } });
}

/** What stands before and after the commands that a test is about, without a process for each. */
async function vendor({ project, cache }: SmallUpstream, options: VendorOptions = {}): Promise<void> {
  await vendorRelease(await readReleaseChoice({ directory: project, cache }), options);
}

async function build({ project, cache }: SmallUpstream): Promise<string> {
  const { yaml } = buildBundle(await loadPlatform({ directory: project, cache }));
  return Buffer.from(yaml).toString();
}

test("from an empty folder to a build that needs neither network nor git", skip, async (context) => {
  const upstream = makeSmallUpstream(context);
  upstream.release.commit(releaseFiles("candidate"), "refs/tags/1.1-rc.1");
  writePlatformFile(upstream, { version: "1.0" });

  const list = await slipway(upstream, "release", "list");
  assert.match(list.stdout, /^1\.0 {2}[0-9a-f]{12}\n$/);
  const all = await slipway(upstream, "release", "list", "--candidates", "-o", "json");
  const { releases } = JSON.parse(all.stdout);
  assert.deepEqual(
    releases.map(({ version, stable }: { version: string; stable: boolean }) => [version, stable]),
    [
      ["1.1-rc.1", false],
      ["1.0", true],
    ],
  );

  const early = await slipway(upstream, "build");
  assert.equal(early.code, 65);
  assert.match(early.stderr, /\[release\/not-locked\][\s\S]*slipway\.yaml:5:3[\s\S]*slipway release lock/);

  const check = await slipway(upstream, "release", "lock", "--check");
  assert.equal(check.code, 2, check.stderr);
  assert.ok(!existsSync(join(upstream.project, "slipway.lock")));
  const lock = await slipway(upstream, "release", "lock");
  assert.equal(lock.code, 0, lock.stderr);
  assert.match(
    lock.stdout,
    /^\+ .*community-distribution 1\.0 {2}[0-9a-f]{40}\n\+ .*bases v1[\s\S]*3 changes/,
  );

  const build = await slipway(upstream, "build");
  assert.equal(build.code, 0, build.stderr);
  const vendor = await slipway(upstream, "vendor");
  assert.match(vendor.stdout, /^vendor\/kubeflow\/1\.0: release 1\.0 with 2 remote references, 10 files\n$/);

  renameSync(join(upstream.folder, "github.com"), join(upstream.folder, "gone"));
  rmSync(upstream.cache, { recursive: true });
  const offline = await runSlipway(["build", "--no-cache"], {
    directory: upstream.project,
    environment: { PATH: "/nonexistent", SLIPWAY_CACHE: upstream.cache },
  });
  assert.equal(offline.code, 0, offline.stderr);
  assert.equal(offline.stdout, build.stdout);
  assert.ok(!existsSync(upstream.cache), "the cache is not even made");
  const own = `resources: ["https://github.com/acme/bases//config/default?ref=v1", ${rawFile}]\nnamePrefix: own-\n`;
  writeFiles(upstream.project, { "own/kustomization.yaml": own });
  const overlay = await slipway(upstream, "kustomize", "own");
  assert.equal(overlay.code, 0, overlay.stderr);
  assert.match(overlay.stdout, /name: own-base[\s\S]*name: own-raw[\s\S]*name: own-shared/);
  const explained = await slipway(upstream, "explain", "configmap/kubeflow/base", "data.value");
  assert.match(explained.stdout, /github\.com\/acme\/bases@v1\/config\/default\/base\.yaml:7/);
});

test(
  "versions named by flags: locked and built without a slipway.yaml, compared with each other",
  skip,
  async (context) => {
    const upstream = makeSmallUpstream(context);
    upstream.release.commit(releaseFiles("second"), "refs/tags/1.1");
    const [from = "", to = ""] = Object.entries(upstream.mirrors)[0] ?? [];
    const { project, cache, mirrors } = upstream;
    for (const release of ["1.0", "1.1"])
      await lockRelease(await readReleaseChoice({ directory: project, cache, mirrors, release }));
    const diff = await slipway(upstream, "diff", "--build", "1.0", "1.1");
    assert.match(diff.stdout, /1 objects changed[\s\S]*"first"[\s\S]*"second"/);
    const repository = await slipway(
      upstream,
      "release",
      "lock",
      "--release",
      `${upstream.release.folder}#1.1`,
      "--mirror",
      `${from}=${to}`,
    );
    assert.equal(repository.code, 0, repository.stderr);
    const built = await slipway(upstream, "build", "--release", `${upstream.release.folder}#1.1`);
    assert.match(built.stdout, /value: second/);
  },
);

test(
  "vendor --if-newer: exit code 3 when nothing is newer, else the newest and slipway.yaml names it",
  skip,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    const file = join(upstream.project, "slipway.yaml");
    await vendor(upstream);
    const same = await slipway(upstream, "vendor", "--if-newer");
    assert.deepEqual([same.code, same.stdout], [3, "Nothing newer: 1.0 is the newest, 1.0 is vendored\n"]);
    upstream.release.commit(releaseFiles("second"), "refs/tags/1.1");
    const newer = await slipway(upstream, "vendor", "--if-newer", "-v");
    assert.equal(newer.code, 0, newer.stderr);
    assert.match(
      newer.stdout,
      /slipway\.yaml: spec\.release\.version is 1\.1 now[\s\S]*Since 1\.0: 0 files added, 0 removed, 1 changed\n {2}kubeflow-namespace 1 files\n {4}~ common\/kubeflow-namespace\/base\/own\.yaml/,
    );
    assert.match(readFileSync(file, "utf8"), /"1\.1"/);
    assert.match(await build(upstream), /value: second/);
  },
);

test(
  "a vendor run that is killed leaves the old folder whole, and the next one ends well",
  skip,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    let running: ChildProcess | undefined;
    const server = createServer((_request, response) => {
      // Half of the file, and then the end of who asked for it.
      response.writeHead(200, { "content-length": "100" });
      response.write("apiVersion", () => running?.kill("SIGKILL"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    await vendor(upstream, { all: true });
    const before = await build(upstream);
    const parent = join(upstream.project, "vendor/kubeflow");
    const lock = readFileSync(join(upstream.project, "slipway.lock"), "utf8");
    rmSync(join(upstream.cache, "files"), { recursive: true });
    const killed = await runSlipway(
      ["vendor", "--mirror", `https://github.com/acme/files/=http://127.0.0.1:${port}/`],
      {
        directory: upstream.project,
        environment: { SLIPWAY_CACHE: upstream.cache },
        onStderr: (_text, child) => {
          running = child;
        },
      },
    );
    assert.equal(killed.signal, "SIGKILL");
    assert.equal(readFileSync(join(upstream.project, "slipway.lock"), "utf8"), lock);
    assert.equal(await build(upstream), before);
    const sums = spawnSync("sha256sum", ["--check", "--quiet", "files.sha256"], { cwd: join(parent, "1.0") });
    assert.ok(sums.error || sums.status === 0, String(sums.stderr));
    assert.equal(
      readdirSync(join(upstream.cache, "files")).filter((name) => !name.startsWith(".")).length,
      0,
    );
    assert.equal((await slipway(upstream, "vendor")).code, 0);
    assert.deepEqual(
      readdirSync(parent).filter((name) => !name.startsWith(".")),
      ["1.0"],
    );
    assert.equal(await build(upstream), before);
  },
);

test(
  "moved and changed things are refused with both digests, exit code 65; what can't be reached with 1",
  skip,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    upstream.release.commit(releaseFiles("second"), "refs/tags/1.0");
    const moved = await slipway(upstream, "release", "lock");
    assert.equal(moved.code, 65);
    assert.match(
      moved.stderr,
      /has moved: locked as commit [0-9a-f]{40}, now commit [0-9a-f]{40}[\s\S]*--update/,
    );
    const [own = ""] = globSync("trees/*/files/**/own.yaml", { cwd: upstream.cache });
    writeFileSync(join(upstream.cache, own), "kind: Other\n");
    const changed = await slipway(upstream, "build");
    assert.equal(changed.code, 65);
    assert.match(
      changed.stderr,
      /own\.yaml has changed: locked as sha256:[0-9a-f]{64}, found sha256:[0-9a-f]{64}/,
    );
    assert.match(changed.stderr, /note: built for \.\.\/common\/kubeflow-namespace\/base/);
    rmSync(upstream.cache, { recursive: true });
    renameSync(join(upstream.folder, "github.com"), join(upstream.folder, "gone"));
    const unreachable = await slipway(upstream, "build");
    assert.equal(unreachable.code, 1);
    assert.match(unreachable.stderr, /slipway\.lock has it \(git: .*ref: 1\.0\)[\s\S]*slipway vendor/);
  },
);

test(
  "what has no lock names the entry that would have made the network unnecessary",
  skip,
  async (context) => {
    const upstream = makeSmallUpstream(context);
    writeFiles(upstream.project, releaseFiles("first"));
    const result = await slipway(upstream, "build", "--release", ".");
    assert.equal(result.code, 65);
    assert.match(
      result.stderr,
      /example\/kustomization\.yaml:3:3[\s\S]*\^[\s\S]*next: lock it.*git: https:\/\/github\.com\/acme\/bases, ref: v1/,
    );
  },
);
