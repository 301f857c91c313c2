// What kustomize 5.8.1 makes of values that stand in braces and brackets, where an empty text and a colon need quotes.
import { type Case, foo, over, patch, testCases } from "../test/small-builds.ts";

const time = "2001-12-14t21:59:43.10-05:00";

const cases: readonly Case[] = [
  {
    what: "a time that a patch puts into braces stays as it is written, because its colon needs quotes there",
    files: {
      ...over(`${foo}a: {b: 1}\nc:\n  d: 1\n`, patch),
      "p.yaml": `${foo}a:\n  l:\n  - ${time}\n  - 2001-12-14\nc:\n  t: ${time}\n`,
    },
    lines: [
      "a:",
      "b: 1",
      "l:",
      '- "2001-12-14t21:59:43.10-05:00"',
      '- "2001-12-14T00:00:00Z"',
      "apiVersion: example.com/v1",
      "c:",
      "d: 1",
      't: "2001-12-14T21:59:43.1-05:00"',
    ],
  },
  {
    what: "braces with nothing in them give way to the lines that a patch puts there",
    files: {
      ...over(`${foo}a: {}\nb: []\nc: {}\n`, patch),
      "p.yaml": `${foo}a:\n  t: ${time}\nb:\n- ${time}\nc: {t: ${time}}\n`,
    },
    lines: [
      "a:",
      't: "2001-12-14T21:59:43.1-05:00"',
      "apiVersion: example.com/v1",
      "b:",
      '- "2001-12-14T21:59:43.1-05:00"',
      "c:",
      't: "2001-12-14t21:59:43.10-05:00"',
    ],
  },
  {
    what: "a list that a patch replaces keeps its brackets or its lines",
    files: {
      ...over(`${foo}a: [1]\nb:\n- 1\n`, patch),
      "p.yaml": `${foo}a:\n- ${time}\nb: [${time}]\n`,
    },
    lines: [
      "a:",
      '- "2001-12-14t21:59:43.10-05:00"',
      "apiVersion: example.com/v1",
      "b:",
      '- "2001-12-14T21:59:43.1-05:00"',
    ],
  },
  {
    what: "a list that is merged value by value and was not there before is in lines",
    files: {
      ...over("apiVersion: v1\nkind: Pod\nmetadata:\n  name: f\n", patch),
      "p.yaml": `apiVersion: v1\nkind: Pod\nmetadata:\n  name: f\n  finalizers: [${time}, x]\n`,
    },
    lines: ["finalizers:", '- "2001-12-14T21:59:43.1-05:00"', "- x"],
  },
  {
    what: "a replacement brings a map with its braces",
    files: over(
      `${foo}a: {t: ${time}}\nb:\n  c: 1\n`,
      "replacements:\n- source: {kind: Foo, fieldPath: a}\n  targets: [{select: {kind: Foo}, fieldPaths: [b]}]\n",
    ),
    lines: ["b:", 't: "2001-12-14t21:59:43.10-05:00"'],
  },
  {
    what: "an object out of a list is in braces for what a patch puts into it",
    files: {
      ...over(
        `apiVersion: example.com/v1\nkind: FooList\nmetadata: {name: l}\nitems:\n- ${foo.replaceAll("\n", "\n  ").trim()}\n  a: 1\n`,
        patch,
      ),
      "p.yaml": `${foo}x:\n  t: ${time}\n`,
    },
    lines: ["x:", 't: "2001-12-14t21:59:43.10-05:00"'],
  },
  {
    what: "an item that is nothing becomes an empty string where a patch puts it into braces",
    files: {
      ...over(`${foo}a: {b: 1}\nc:\n  d: 1\n`, patch),
      "p.yaml": `${foo}a:\n  l:\n  -\n  - x\nc:\n  l:\n  -\n  - x\n`,
    },
    lines: [
      "a:",
      "b: 1",
      "l:",
      '- ""',
      "- x",
      "apiVersion: example.com/v1",
      "c:",
      "d: 1",
      "l:",
      "- null",
      "- x",
    ],
  },
  {
    what: "what a JSON patch copies out of braces is what was printed in them",
    files: over(
      `${foo}a: {b: , c: 1}\n`,
      `patches: [{target: {kind: Foo}, patch: '[{"op": "copy", "from": "/a/b", "path": "/d"}]'}]\n`,
    ),
    lines: ["a:", 'b: ""', "c: 1", "apiVersion: example.com/v1", 'd: ""'],
  },
];

testCases(cases);
