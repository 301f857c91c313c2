import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isJsonObject, readYamlDocument } from "@slipway/yaml";
import { fact, fixture, skipWithout } from "../../../../test/support/fixtures.ts";
import { catalogue, componentOfFile, findComponent, suggestComponents } from "./catalogue.ts";

test("every name is used once and every requirement is a component", () => {
  const names = catalogue.map((component) => component.name);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  const missing = catalogue.flatMap(({ name, requires }) =>
    requires.filter((required) => !findComponent(required)).map((required) => `${name} -> ${required}`),
  );
  assert.deepEqual(missing, []);
});

test("every layout of a component lies in one of its sources", () => {
  const astray = catalogue.flatMap((component) =>
    [...component.layouts.flat(), ...(component.variants ?? [])].filter(
      (path) => componentOfFile(`${path}/kustomization.yaml`) !== component.name,
    ),
  );
  assert.deepEqual(astray, []);
});

test("a file belongs to the component with the longest matching directory", () => {
  assert.equal(componentOfFile("applications/pipeline/upstream/base/x.yaml"), "pipelines");
  assert.equal(
    componentOfFile("applications/model-registry/upstream/options/ui/base/x.yaml"),
    "model-registry-ui",
  );
  assert.equal(componentOfFile("applications/model-registry/upstream/base/x.yaml"), "model-registry");
  assert.equal(componentOfFile("github.com/argoproj/argo-workflows@v3.7.3/manifests/x.yaml"), "pipelines");
  assert.equal(
    componentOfFile("https://github.com/kubernetes-sigs/jobset/releases/download/v0.10.1/manifests.yaml"),
    "trainer",
  );
  assert.equal(componentOfFile("common/dexterity/x.yaml"), undefined);
});

test("a mistyped name is understood", () => {
  assert.deepEqual(suggestComponents("pipelins"), ["pipelines"]);
  assert.deepEqual(suggestComponents("zzzzzz"), []);
});

for (const release of ["26.03", "v1.11.0"]) {
  const root = fixture("upstream", release);
  test(`${release}: each directory of the example belongs to a component, which has it as layout or variant`, {
    skip: skipWithout(root),
  }, () => {
    const example = readYamlDocument(readFileSync(join(root, "example/kustomization.yaml"), "utf8")).value;
    assert.ok(isJsonObject(example) && Array.isArray(example.resources));
    for (const resource of example.resources) {
      const path = String(resource).replace("../", "");
      const component = findComponent(componentOfFile(`${path}/`) ?? "");
      assert.ok(component, path);
      assert.ok([...component.layouts.flat(), ...(component.variants ?? [])].includes(path), path);
    }
  });

  test(`${release}: one layout of each component is there whole, save those that this release lacks`, {
    skip: skipWithout(root),
  }, () => {
    const lacking = catalogue
      .filter(
        ({ layouts }) => !layouts.some((layout) => layout.every((path) => existsSync(join(root, path)))),
      )
      .map(({ name }) => name);
    assert.deepEqual(lacking, release === "26.03" ? ["network-policies"] : []);
  });
}

test("the hard edges between components that an independent inference found are requirements", {
  skip: skipWithout(fact("dag-26.03.json")),
}, () => {
  const facts = JSON.parse(readFileSync(fact("dag-26.03.json"), "utf8")) as {
    edges: { from: string; to: string; class: string }[];
  };
  const hard = facts.edges.filter((edge) => edge.class.startsWith("hard"));
  assert.ok(hard.length > 50);
  const absent = hard
    .filter(({ from, to }) => !findComponent(from)?.requires.includes(to))
    .map(({ from, to }) => `${from} -> ${to}`);
  assert.deepEqual(absent, []);
});
