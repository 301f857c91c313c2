import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Problem, ProblemError } from "@slipway/yaml";
import { loadPlatform } from "./load-platform.ts";
import { openStarter } from "./release/starter.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-platform-")));
after(() => rmSync(folder, { recursive: true }));

/** A folder with a slipway.yaml and a release beside it. */
function workspace(name: string, spec: string): string {
  const directory = join(folder, name);
  mkdirSync(directory);
  cpSync(join(openStarter().root, "example"), join(directory, "kubeflow/example"), { recursive: true });
  writeFileSync(
    join(directory, "slipway.yaml"),
    `apiVersion: slipway.dev/v1alpha1\nkind: Platform\nmetadata: { name: acme }\nspec:\n${spec}`,
  );
  return directory;
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await problemOf(promise)).code;
}

test("with nothing named and no file there it is the starter", async () => {
  const platform = await loadPlatform({ directory: folder });
  assert.equal(platform.release.name, "starter");
  assert.equal(platform.file, undefined);
  assert.equal(platform.cluster, undefined);
  assert.deepEqual(platform.timeouts.components, {
    "cert-manager": 180_000,
    "istio-install": 300_000,
    "cluster-local-gateway": 300_000,
    dex: 180_000,
  });
});

test("slipway.yaml of the working directory is read, its paths being relative to it", async () => {
  const directory = workspace(
    "usual",
    `  release: { path: kubeflow }
  components: { drop: [katib] }
  cluster: { context: kind, kubeconfig: kubeconfig.yaml }
  timeouts: { default: 2m, dex: 10 }
`,
  );
  const platform = await loadPlatform({ directory });
  assert.equal(platform.name, "acme");
  assert.equal(platform.release.root, join(directory, "kubeflow"));
  assert.ok(!platform.components.names.includes("katib"));
  assert.deepEqual(platform.cluster, { context: "kind", kubeconfig: join(directory, "kubeconfig.yaml") });
  assert.equal(platform.timeouts.default, 120_000);
  assert.equal(platform.timeouts.components.dex, 10_000);
  assert.equal(platform.timeouts.components["cert-manager"], 180_000);
});

test("a release that is named leaves a file that is not named alone", async () => {
  const directory = workspace("aside", "  release: { path: kubeflow }\n  cluster: { context: production }\n");
  const platform = await loadPlatform({ directory, release: "kubeflow" });
  assert.equal(platform.cluster, undefined);
  assert.equal(platform.file, undefined);
  assert.equal((await loadPlatform({ directory, starter: true })).release.name, "starter");
});

test("a release named beside a named file replaces the file's", async () => {
  const directory = workspace("beside", "  release: { path: nowhere }\n  cluster: { context: kind }\n");
  const platform = await loadPlatform({ directory, file: "slipway.yaml", release: "kubeflow" });
  assert.equal(platform.release.root, join(directory, "kubeflow"));
  assert.equal(platform.cluster?.context, "kind");
});

test("components named on top of the file's come on top", async () => {
  const directory = workspace(
    "top",
    "  release: { starter: true }\n  components: { add: [model-registry] }\n",
  );
  const { components } = await loadPlatform({ directory, add: ["model-registry-istio"], drop: ["katib"] });
  assert.ok(components.names.includes("model-registry") && components.names.includes("model-registry-istio"));
  assert.ok(!components.names.includes("katib"));
});

test("bad input is refused with a code of its own", async () => {
  const directory = workspace("bad", "  release: { path: nowhere }\n");
  assert.equal(
    (await problemOf(loadPlatform({ directory, release: "elsewhere" }))).message,
    "there is no folder elsewhere",
  );
  assert.equal(await codeOf(loadPlatform({ directory })), "release/not-found");
  assert.equal(await codeOf(loadPlatform({ directory, file: "other.yaml" })), "platform/not-found");
  assert.equal(await codeOf(loadPlatform({ directory, file: "kubeflow" })), "platform/not-a-file");
  assert.equal(
    await codeOf(loadPlatform({ directory, release: "kubeflow", starter: true })),
    "platform/contradiction",
  );
  assert.equal(
    await codeOf(loadPlatform({ directory, release: "kubeflow", remotes: "x" })),
    "release/remotes-not-found",
  );
});

test("a release or a choice that can't be had is told where the file names it", async () => {
  const directory = workspace("place", "  release: { path: kubeflow }\n  components: { drop: [profiles] }\n");
  const choice = await problemOf(loadPlatform({ directory }));
  assert.equal(choice.code, "components/required");
  assert.deepEqual(choice.position, { file: "slipway.yaml", line: 6, column: 24 });
  rmSync(join(directory, "kubeflow"), { recursive: true });
  assert.deepEqual((await problemOf(loadPlatform({ directory }))).position, {
    file: "slipway.yaml",
    line: 5,
    column: 3,
  });
});
