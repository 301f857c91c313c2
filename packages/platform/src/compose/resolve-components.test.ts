import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { findComponent } from "../catalogue/catalogue.ts";
import { minimalComponents } from "../catalogue/preset.ts";
import type { Release } from "../release/release.ts";
import { openStarter } from "../release/starter.ts";
import { type ComponentSelection, resolveComponents } from "./resolve-components.ts";

const starter = openStarter();
const optional = ["tensorboard-controller", "tensorboards-web-app", "model-registry", "model-registry-istio"];

function resolve(selection: ComponentSelection, release: Release = starter) {
  const there = new Set(optional.flatMap((name) => findComponent(name)?.layouts.flat() ?? []));
  return resolveComponents(release, selection, { hasDirectory: (path) => there.has(path) });
}

function messagesOf(selection: ComponentSelection): string[] {
  try {
    resolve(selection);
  } catch (error) {
    assert.ok(error instanceof ProblemError, String(error));
    const { message, next, related } = error.problem;
    return related?.map((problem) => problem.message) ?? [next ? `${message}; ${next}` : message];
  }
  throw new assert.AssertionError({ message: "it was accepted" });
}

test("nothing chosen is the release's example", () => {
  const chosen = resolve({});
  assert.deepEqual(chosen.kept, starter.entries);
  assert.deepEqual(chosen.added, []);
  assert.equal(chosen.names.length, starter.entries.length);
});

test("what is dropped goes, what is added comes with its directories", () => {
  const chosen = resolve({ drop: ["katib"], add: ["model-registry"] });
  assert.ok(!chosen.kept.some(({ component }) => component === "katib"));
  assert.equal(chosen.kept.length, starter.entries.length - 1);
  assert.deepEqual(
    chosen.added.map(({ paths }) => paths),
    [["applications/model-registry/upstream/overlays/db"]],
  );
});

test("the minimal preset stands on its own", () => {
  const { names, kept } = resolve({ preset: "minimal" });
  assert.deepEqual([...names].sort(), minimalComponents.filter((name) => name !== "network-policies").sort());
  assert.equal(kept.length, names.length);
});

test("a component of the example that is added to the minimal preset comes as the example has it", () => {
  const other: Release = {
    ...starter,
    entries: [{ resource: "../common/dex/base", component: "dex" }, ...starter.entries.slice(0, 2)],
  };
  const { kept, added } = resolveComponents(
    other,
    { preset: "minimal", add: ["dex"] },
    {
      hasDirectory: () => true,
    },
  );
  assert.equal(kept[0]?.resource, "../common/dex/base");
  assert.deepEqual(added, []);
});

test("resources that the catalogue does not know stay in the standard preset", () => {
  const other: Release = { ...starter, entries: [...starter.entries, { resource: "../ours" }] };
  assert.equal(resolve({ drop: ["katib"] }, other).kept.at(-1)?.resource, "../ours");
  assert.ok(!resolve({ preset: "minimal" }, other).kept.some(({ resource }) => resource === "../ours"));
});

test("adding what is there already is a warning", () => {
  assert.deepEqual(resolve({ add: ["katib"] }).warnings, [
    "katib is part of starter's standard components already",
  ]);
});

test("a component that another needs can't be dropped alone", () => {
  assert.deepEqual(messagesOf({ drop: ["profiles"] }), [
    "user-namespace needs profiles, which is dropped; keep profiles, or drop user-namespace too",
  ]);
  assert.ok(resolve({ drop: ["profiles", "user-namespace"] }));
});

test("a component is not added without what it needs", () => {
  assert.deepEqual(messagesOf({ add: ["model-registry-istio"] }), [
    "model-registry-istio needs model-registry, which is not chosen; add model-registry too",
  ]);
});

test("wrong choices are all told at once", () => {
  assert.deepEqual(messagesOf({ add: ["katip", "kuberay", "dex"], drop: ["spark-operator", "dex"] }), [
    "spark-operator can't be dropped: it is not among starter's standard components; take spark-operator out of drop",
    "dex is both added and dropped",
    'there is no component "katip"; did you mean katib?',
    "starter has no component kuberay; take kuberay out of add, or choose a release that has it",
  ]);
});
