import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { identify, objectKey } from "@slipway/kubernetes/objects";
import { fact, fixture, skipWithout } from "../../../test/support/fixtures.ts";
import { buildBundle } from "./build-bundle.ts";
import type { Bundle } from "./bundle.ts";
import { catalogue } from "./catalogue/catalogue.ts";
import { composeOverlay } from "./compose/compose.ts";
import { type LoadPlatformOptions, loadPlatform } from "./load-platform.ts";
import { openStarter } from "./release/starter.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-bundle-")));
after(() => rmSync(folder, { recursive: true }));

const withoutKubectl = (() => {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
    return false;
  } catch {
    return "no kubectl on the path";
  }
})();

async function bundleOf(options: LoadPlatformOptions) {
  return buildBundle(await loadPlatform({ directory: folder, ...options }));
}

/** Equal texts, or the first line that differs: whole platforms are too long for a diff. */
function assertSameText(actual: string, expected: string): void {
  if (actual === expected) return;
  const theirs = expected.split("\n");
  const ours = actual.split("\n");
  const line = ours.findIndex((text, index) => text !== theirs[index]);
  assert.fail(`line ${line + 1}: ${JSON.stringify(ours[line])} instead of ${JSON.stringify(theirs[line])}`);
}

const wholeReleases = new Map<string, Promise<Bundle>>();

/** A release of the fixtures with nothing chosen, built once. */
function wholeRelease(release: string): Promise<Bundle> {
  const bundle =
    wholeReleases.get(release) ??
    bundleOf({ release: fixture("upstream", release), remotes: fixture("remotes") });
  wholeReleases.set(release, bundle);
  return bundle;
}

function kubectlKustomize(directory: string): string {
  return execFileSync("kubectl", ["kustomize", directory], { encoding: "utf8", maxBuffer: 1 << 26 });
}

const textOf = ({ yaml }: Bundle) => Buffer.from(yaml).toString();

test("the starter builds; every object is there once, has a place and a component", async () => {
  const bundle = await bundleOf({ starter: true });
  assert.equal(bundle.release, "starter");
  const keys = bundle.resources.map(({ object }) => objectKey(identify(object)));
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.length > 150);
  assert.deepEqual(
    bundle.resources.filter(({ component }) => component === undefined),
    [],
  );
  const istiod = bundle.resources.find(
    ({ object }) => object.metadata.name === "istiod" && object.kind === "Deployment",
  );
  assert.equal(istiod?.component, "istio-install");
  assert.equal(istiod?.origin.file, "common/istio/istio-install/base/istiod.yaml");
  assert.ok(bundle.warnings.some((warning) => warning.includes("for learning and rehearsal")));
});

test("kubectl builds the starter to the same bytes", { skip: withoutKubectl }, async () => {
  const bundle = await bundleOf({ starter: true });
  assertSameText(textOf(bundle), kubectlKustomize(join(openStarter().root, "example")));
});

test("what is chosen is an overlay that kubectl builds to the same bytes", {
  skip: withoutKubectl,
}, async () => {
  const choice = {
    starter: true,
    add: ["model-registry", "model-registry-istio"],
    drop: ["katib", "kserve", "user-namespace"],
  };
  const platform = await loadPlatform({ directory: folder, ...choice });
  const copy = join(folder, "ejected");
  cpSync(platform.release.root, copy, { recursive: true });
  for (const [path, text] of Object.entries(composeOverlay(platform.release, platform.components))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), text);
  }
  const bundle = buildBundle(platform);
  assertSameText(textOf(bundle), kubectlKustomize(join(copy, "example")));
  const components = new Set(bundle.resources.map(({ component }) => component));
  assert.ok(components.has("model-registry") && !components.has("katib"));
});

test("a component whose manifests leave the namespace open lands in the one that it is for", {
  skip: skipWithout(fixture("upstream/26.03")),
}, async () => {
  const bundle = await bundleOf({
    release: fixture("upstream/26.03"),
    remotes: fixture("remotes"),
    preset: "minimal",
    add: ["model-registry"],
  });
  const registry = bundle.resources.filter(({ component }) => component === "model-registry");
  assert.equal(registry.length, 9);
  assert.ok(registry.every(({ object }) => object.metadata.namespace === "kubeflow"));
});

for (const [release, count] of [
  ["26.03", 675],
  ["v1.11.0", 653],
] as const) {
  test(`${release} with nothing chosen is its example, byte for byte`, {
    skip: skipWithout(fixture("upstream", release)),
  }, async () => {
    const bundle = await wholeRelease(release);
    assert.equal(bundle.resources.length, count);
    assert.deepEqual(bundle.warnings, []);
    assertSameText(
      textOf(bundle),
      gunzipSync(readFileSync(fixture("golden", release, "example.yaml.gz"))).toString(),
    );
    assert.deepEqual(
      bundle.resources.filter(({ component }) => component === undefined),
      [],
    );
  });
}

test("all components of 26.03 together build, each object once", {
  skip: skipWithout(fixture("upstream/26.03")),
}, async () => {
  const options = { release: fixture("upstream/26.03"), remotes: fixture("remotes") };
  const listed = new Set((await loadPlatform(options)).components.names);
  const add = catalogue.flatMap(({ name }) =>
    listed.has(name) || name === "network-policies" ? [] : [name],
  );
  const { resources } = await bundleOf({ ...options, add });
  const keys = resources.map(({ object }) => objectKey(identify(object)));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(new Set(resources.map(({ component }) => component)), new Set([...listed, ...add]));
});

test("each component of 26.03 has as many objects as were counted by building its directory alone", {
  skip: skipWithout(fixture("upstream/26.03")) || skipWithout(fact("dag-26.03.json")),
}, async () => {
  const facts = JSON.parse(readFileSync(fact("dag-26.03.json"), "utf8")) as {
    components: Record<string, { optional: boolean; objects: number }>;
  };
  const expected = Object.entries(facts.components).flatMap(([name, { optional, objects }]) =>
    optional ? [] : [[name, objects] as const],
  );
  const bundle = await wholeRelease("26.03");
  const counts = new Map<string, number>();
  for (const { component = "" } of bundle.resources) counts.set(component, (counts.get(component) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(counts), Object.fromEntries(expected));
});

test("v1.11.0, whose directories are others, is understood as well", {
  skip: skipWithout(fixture("upstream/v1.11.0")),
}, async () => {
  const bundle = await bundleOf({
    release: fixture("upstream/v1.11.0"),
    remotes: fixture("remotes"),
    drop: ["network-policies", "spark-operator"],
  });
  const components = new Set(bundle.resources.map(({ component }) => component));
  assert.ok(components.has("cert-manager") && components.has("pipelines"));
  assert.ok(
    !components.has("network-policies") && !components.has("spark-operator") && !components.has(undefined),
  );
});
