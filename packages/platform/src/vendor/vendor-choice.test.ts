import assert from "node:assert/strict";
import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import {
  makeLockedUpstream,
  makeSmallUpstream,
  releaseFiles,
  type SmallUpstream,
  skipWithoutGit,
  writePlatformFile,
} from "../../../../test/support/small-upstream.ts";
import { buildBundle } from "../build-bundle.ts";
import { loadPlatform, readReleaseChoice } from "../load-platform.ts";
import { type VendorOptions, vendorChoice } from "./vendor-choice.ts";

const skip = { skip: skipWithoutGit };

async function vendor({ project, cache }: SmallUpstream, how: VendorOptions & { release?: string } = {}) {
  const { release, ...options } = how;
  const named = release === undefined ? {} : { release };
  const outcome = await vendorChoice(
    await readReleaseChoice({ directory: project, cache, ...named }),
    options,
  );
  return outcome.type === "vendored" ? outcome : undefined;
}

async function build({ project, cache }: SmallUpstream, release?: string): Promise<string> {
  const named = release === undefined ? {} : { release };
  const { yaml } = buildBundle(await loadPlatform({ directory: project, cache, ...named }));
  return Buffer.from(yaml).toString();
}

/** Takes away the network and the cache. */
function isolate({ folder, cache }: SmallUpstream): void {
  renameSync(join(folder, "github.com"), join(folder, "gone"));
  rmSync(cache, { recursive: true, force: true });
}

function codeIs(code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.code, code);
    return true;
  };
}

test(
  "a vendored release is built without network, cache and lock of the project, and as it is",
  skip,
  async (context) => {
    const upstream = makeSmallUpstream(context);
    writePlatformFile(upstream, { version: "1.0" });
    const folder = join(upstream.project, "vendor/kubeflow/1.0");
    const outcome = await vendor(upstream);
    assert.equal(outcome?.folder, folder);
    const before = await build(upstream);
    isolate(upstream);
    assert.equal(await build(upstream), before);
    assert.equal(await build(upstream, "vendor/kubeflow/1.0"), before);
    writePlatformFile(upstream, { path: "vendor/kubeflow/1.0" });
    assert.equal(await build(upstream), before);
    const files = globSync("**/*", { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.deepEqual(files.map(({ name }) => name).sort(), [
      "LICENSE",
      "base.yaml",
      "files.sha256",
      "kustomization.yaml",
      "kustomization.yaml",
      "kustomization.yaml",
      "kustomization.yaml",
      "namespace.yaml",
      "own.yaml",
      "raw.yaml",
      "shared.yaml",
      "slipway.lock",
    ]);
    for (const [path, text] of Object.entries(releaseFiles("first"))) {
      const copy = join(folder, path);
      if (existsSync(copy)) assert.equal(readFileSync(copy, "utf8"), text, "nothing is rewritten");
    }
  },
);

test("--all brings what no build reads too; the same again changes nothing", skip, async (context) => {
  const upstream = await makeLockedUpstream(context);
  const few = await vendor(upstream);
  assert.equal((await vendor(upstream))?.written, false);
  const all = await vendor(upstream, { all: true });
  assert.ok(all && few && all.written && all.files > few.files);
  assert.ok(existsSync(join(all.folder, "common/unused/kustomization.yaml")));
  assert.deepEqual(all.since?.changes.removed, []);
  await build(upstream);
});

test(
  "a vendored file that was changed is an error with both digests, and so is the list",
  skip,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    const { folder = "" } = (await vendor(upstream)) ?? {};
    for (const name of ["common/kubeflow-namespace/base/own.yaml", "files.sha256"]) {
      const text = readFileSync(join(folder, name), "utf8");
      writeFileSync(join(folder, name), `${text}# changed\n`);
      await assert.rejects(build(upstream), (error: ProblemError) => {
        codeIs("release/changed")(error);
        assert.equal(new Set(error.problem.message.match(/sha256:[0-9a-f]{64}/g)).size, 2);
        assert.match(error.problem.message, new RegExp(name.split("/").at(-1) ?? ""));
        return true;
      });
      writeFileSync(join(folder, name), text);
    }
    await build(upstream);
  },
);

test("another release is named in slipway.yaml, and what is different is told", skip, async (context) => {
  const upstream = await makeLockedUpstream(context);
  await vendor(upstream);
  upstream.release.commit(
    {
      ...releaseFiles("second"),
      "common/kubeflow-namespace/base/kustomization.yaml": "resources: [own.yaml, namespace.yaml]\n",
    },
    "refs/tags/1.1",
  );
  const outcome = await vendor(upstream, { release: "1.1" });
  assert.deepEqual(outcome?.since?.changes, {
    added: [],
    removed: [],
    changed: ["common/kubeflow-namespace/base/kustomization.yaml", "common/kubeflow-namespace/base/own.yaml"],
  });
  assert.equal(outcome?.edited?.value, "1.1");
  assert.match(readFileSync(join(upstream.project, "slipway.yaml"), "utf8"), /"version":"1\.1".* # the one/);
  isolate(upstream);
  assert.match(await build(upstream), /value: second/);
});

test("--if-newer vendors the newest stable release, once", skip, async (context) => {
  const upstream = await makeLockedUpstream(context);
  assert.equal((await vendor(upstream, { ifNewer: true }))?.entry.ref, "1.0");
  assert.equal(await vendor(upstream, { ifNewer: true }), undefined);
  upstream.release.commit(releaseFiles("candidate"), "refs/tags/1.1-rc.1");
  assert.equal(await vendor(upstream, { ifNewer: true }), undefined);
  upstream.release.commit(releaseFiles("second"), "refs/tags/1.1", "refs/tags/v0.9.0");
  assert.equal((await vendor(upstream, { ifNewer: true }))?.entry.ref, "1.1");
  assert.match(await build(upstream), /value: second/);
  writePlatformFile(upstream, { path: "vendor/kubeflow/1.1" });
  upstream.release.commit(releaseFiles("third"), "refs/tags/1.2");
  assert.equal((await vendor(upstream, { ifNewer: true }))?.edited?.value, "vendor/kubeflow/1.2");
  assert.match(await build(upstream), /value: third/);
});

test("two runs at once leave one whole folder and nothing beside it", skip, async (context) => {
  const upstream = await makeLockedUpstream(context);
  await vendor(upstream, { all: true });
  await Promise.all([vendor(upstream), vendor(upstream), vendor(upstream)]);
  assert.deepEqual(readdirSync(join(upstream.project, "vendor/kubeflow")), ["1.0"]);
  isolate(upstream);
  assert.match(await build(upstream), /value: first/);
});

test(
  "a folder that a killed run had set aside is taken back, by a build and by the next run",
  skip,
  async (context) => {
    const upstream = await makeLockedUpstream(context);
    const { folder = "" } = (await vendor(upstream)) ?? {};
    const aside = join(folder, "../.1.0.before");
    renameSync(folder, aside);
    assert.match(await build(upstream), /value: first/);
    assert.ok(!existsSync(aside));
    renameSync(folder, aside);
    assert.equal((await vendor(upstream))?.written, false);
  },
);

test("a folder that holds something else is left alone", skip, async (context) => {
  const upstream = await makeLockedUpstream(context);
  const folder = join(upstream.project, "vendor/kubeflow/1.0");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "thesis.txt"), "years of work");
  await assert.rejects(vendor(upstream), codeIs("release/not-vendored-folder"));
  assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
});

test("there is nothing to vendor of the starter, and of a folder of one's own", async (context) => {
  const upstream = makeSmallUpstream(context);
  await assert.rejects(vendor(upstream), codeIs("release/nothing-to-vendor"));
  writePlatformFile(upstream, { path: "." });
  await assert.rejects(vendor(upstream), codeIs("release/nothing-to-vendor"));
});
