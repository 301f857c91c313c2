// What replacements find, and what of a scalar's type and quotes they keep: for each the smallest input that shows it,
// and what kustomize 5.8.1 makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Case, foo, over, patch, replacement, testCases, yaml } from "../test/small-builds.ts";

const cases: readonly Case[] = [
  {
    what: "a whole number in the place of a float in quotes is a number",
    files: {
      ...over(`${foo}a: "x"\n`, replacement("Foo", "a", "'0777'"), patch),
      "base/p.yaml": `${foo}a: 1.5\n`,
    },
    lines: ["a: 511"],
  },
  {
    what: "a replacement inside a text leaves the text a string",
    files: over(`${foo}a: '{"b": 1}'\n`, replacement("Foo", "a.b", "'5'")),
    lines: [`a: '{"b":5}'`],
  },
  {
    what: "nothing can be made inside a null",
    files: over(`${foo}a: null\n`, replacement("Foo", "a.b", "'5'", "{create: true}")),
    lines: ["a: null"],
  },
  {
    what: "items are found by what kustomize prints of their field, quotes and comment included",
    files: over(
      `${foo}l:\n- name: "a"\n  v: x\n- name: a\n  v: y\n- name: a # c\n  v: z\n- name: !!str a\n  v: t\n`,
      replacement("Foo", "l.[name=^a$].v", "'5'"),
    ),
    lines: ["- name: a", "v: x", "- name: a", 'v: "5"', "- name: a", "v: z", "- name: a", "v: t"],
  },
  {
    what: "a text into which a replacement has reached keeps its quotes",
    files: {
      ...over(`${foo}a: '{"b": 1}'\n`, patch, replacement("Foo", "a.b", "'5'")),
      "p.yaml": `${foo}a: 5\n`,
    },
    lines: ['a: "5"'],
  },
  {
    what: "scalars of a list are found by what kustomize prints of them",
    files: over(`${foo}l: ["a", a, 'b']\n`, replacement("Foo", "l.[=^a$]", "z")),
    lines: ["l:", "- a", "- z", "- b"],
  },
  {
    what: "tags that are written out stay in a text into which a replacement reaches",
    files: over(`${foo}t: |\n  a: !!str 5\n  b: c\n`, replacement("Foo", "t.b", "z")),
    lines: ["t: |-", "a: !!str 5", "b: z"],
  },
  {
    what: "an item that a replacement makes has a key without a tag",
    files: over(`${foo}l: []\n`, replacement("Foo", "l.[k=5].v", "z", "{create: true}")),
    lines: ["l:", "- k: 5", "v: z"],
  },
];

testCases(cases);

test("as kustomize: nothing can be made inside a field that is empty", () => {
  const files = over(`${foo}a:\n`, replacement("Foo", "a.b", "'5'", "{create: true}"));
  assert.throws(() => yaml(files), /expected a map but got nothing/);
});

test("as kustomize: a date that was cut is no date where there was a map", () => {
  const source = "{kind: Foo, fieldPath: d, options: {delimiter: '-'}}";
  const top = `replacements:\n- source: ${source}\n  targets: [{select: {kind: Foo}, fieldPaths: [m]}]\n`;
  assert.throws(() => yaml(over(`${foo}d: 2020-01-01\nm: {a: b}\n`, top)), /cannot decode integer `2020`/);
});
