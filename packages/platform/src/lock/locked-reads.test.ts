import assert from "node:assert/strict";
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "@slipway/kustomize";
import { type Problem, ProblemError } from "@slipway/yaml";
import {
  makeSmallUpstream,
  rawFile,
  skipWithoutGit,
  writeFiles,
  writePlatformFile,
} from "../../../../test/support/small-upstream.ts";
import { readReleaseChoice } from "../load-platform.ts";
import { lockedReads, lockRelease, vendorRelease } from "../releases.ts";

const bases = "https://github.com/acme/bases";
const release = "https://github.com/kubeflow/community-distribution";

test("a kustomization of one's own takes from cache and vendored folder what a lock names", {
  skip: skipWithoutGit,
}, async (context) => {
  const upstream = makeSmallUpstream(context);
  const { project, cache, folder } = upstream;
  writePlatformFile(upstream, { version: "1.0" });
  const references = [
    `${bases}//config/default?ref=v1`,
    `${release}//common/kubeflow-namespace/base?ref=1.0`,
  ];
  const refersTo = (...resources: readonly string[]) =>
    writeFiles(project, { "own/kustomization.yaml": `resources: ${JSON.stringify(resources)}\n` });
  refersTo(...references, rawFile);
  const built = async (lock?: string) => {
    const { resources } = build(join(project, "own"), await lockedReads({ directory: project, cache, lock }));
    return resources.map(({ object }) => (object.metadata as { readonly name: string }).name);
  };
  const problem = async (lock?: string) => problemOf(() => built(lock));

  const unlocked = await problem();
  assert.equal(unlocked.code, "kustomize/remote");
  assert.match(unlocked.next ?? "", /the entry "git: https:\/\/github\.com\/acme\/bases, ref: v1"/);
  assert.equal((await problem("other.lock")).code, "lock/not-found");

  const choice = await readReleaseChoice({ directory: project, cache });
  await lockRelease(choice);
  renameSync(join(folder, "github.com"), join(folder, "gone"));
  const everything = ["kubeflow", "base", "own", "raw", "shared"];
  assert.deepEqual(await built(), everything);
  assert.deepEqual(await built("slipway.lock"), everything);

  const [copy = ""] = globSync("trees/*/files/**/base.yaml", { cwd: cache });
  const text = readFileSync(join(cache, copy), "utf8");
  writeFileSync(join(cache, copy), `${text}# changed\n`);
  assert.equal((await problem()).code, "release/changed");
  writeFileSync(join(cache, copy), text);

  await vendorRelease(choice);
  rmSync(cache, { recursive: true });
  assert.deepEqual(await built(), everything, "the vendored folder has it all");
  const vendored = join(project, "vendor/kubeflow/1.0");
  writeFileSync(join(vendored, "common/kubeflow-namespace/base/own.yaml"), "kind: Other\n");
  assert.equal((await problem()).code, "release/changed");

  rmSync(vendored, { recursive: true });
  refersTo(`${bases}//docs?ref=v1`);
  const { next = "" } = await problem();
  assert.match(
    next,
    /slipway\.lock has of it \(git: .*bases, ref: v1\) only config, shared; .*github\.com\/acme\/bases@v1\/docs/,
  );
  refersTo(rawFile);
  assert.match(
    (await problem()).next ?? "",
    /slipway\.lock has it \(file: .*\), but neither the cache on this/,
  );
  refersTo(`${bases}?ref=v2`);
  assert.match((await problem()).next ?? "", /the entry "git: https:\/\/github\.com\/acme\/bases, ref: v2"/);
});

async function problemOf(action: () => Promise<unknown>): Promise<Problem> {
  const error = await action().then(
    () => new Error("it went well"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}
