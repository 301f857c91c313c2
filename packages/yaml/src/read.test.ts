import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeToJson } from "./convert.ts";
import { readYaml, readYamlDocument } from "./document.ts";
import { getChild, positionOf } from "./node.ts";
import { ProblemError } from "./problem.ts";
import { readNode, readNodes } from "./read.ts";
import type { Dialect } from "./resolve-scalar.ts";

const value = (text: string, dialect: Dialect) => readYamlDocument(`a: ${text}\n`, { dialect }).value;

/** What each reader makes of a plain scalar, from kubectl and kustomize themselves. */
const scalars: readonly [string, unknown, unknown][] = [
  ["yes", true, "yes"],
  ["No", false, "No"],
  ["on", true, "on"],
  ["y", true, "y"],
  ["true", true, true],
  ["0777", 511, 511],
  ["0o777", 511, 511],
  ["-0777", -511, -511],
  ["08", 8, 8],
  ["1_000", 1000, 1000],
  ["0b101", 5, 5],
  ["0x1F", 31, 31],
  ["+5", 5, 5],
  ["1e3", 1000, 1000],
  [".5", 0.5, 0.5],
  ["12:30", "12:30", "12:30"],
  ["2001-12-14", "2001-12-14", "2001-12-14T00:00:00Z"],
  ["2001-12-14 21:59:43.10", "2001-12-14 21:59:43.10", "2001-12-14T21:59:43.1Z"],
  ["1e400", "1e400", "1e400"],
  ["~", null, null],
  ["", null, null],
  ["'1'", "1", "1"],
  ["!!str 1", "1", "1"],
];

for (const [text, kubectl, kustomize] of scalars) {
  test(`reads ${JSON.stringify(text)} as kubectl and as kustomize do`, () => {
    assert.deepEqual(value(text, "kubectl"), { a: kubectl });
    assert.deepEqual(value(text, "kustomize"), { a: kustomize });
  });
}

function problemOf(action: () => unknown): ProblemError["problem"] {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("a syntax error names file, line and column and shows the line", () => {
  const problem = problemOf(() => readNodes("a: 1\nb: [1, 2\nc: 3\n", { file: "x/y.yaml" }));
  assert.equal(problem.code, "yaml/syntax");
  assert.equal(problem.position?.file, "x/y.yaml");
  assert.equal(problem.position?.line, 3);
  assert.equal(problem.sourceLine, "c: 3");
});

test("a repeated key is an error for kustomize and overrides for kubectl", () => {
  const text = "a: 1\nb: 2\na: 3\n";
  const problem = problemOf(() => readNodes(text, { dialect: "kustomize", file: "f" }));
  assert.equal(problem.code, "yaml/duplicate-key");
  assert.deepEqual(problem.position, { file: "f", line: 3, column: 1 });
  assert.deepEqual(problem.related?.[0]?.position, { file: "f", line: 1, column: 1 });
  assert.deepEqual(readYamlDocument(text, { dialect: "kubectl" }).value, { b: 2, a: 3 });
});

test("repeated keys are found in large maps too", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `k${index}: ${index}`);
  const problem = problemOf(() => readNodes([...lines, "k7: again"].join("\n"), { dialect: "kustomize" }));
  assert.equal(problem.position?.line, 41);
});

test("non-string keys become strings for kubectl and are refused for kustomize", () => {
  assert.deepEqual(readYamlDocument("1: a\ny: b\n", { dialect: "kubectl" }).value, { 1: "a", true: "b" });
  assert.match(problemOf(() => readNodes("1: a\n", { dialect: "kustomize" })).message, /integer/);
});

test("merge keys and aliases are expanded, what is written wins", () => {
  const text = "base: &b {x: 1, z: 2}\nmore:\n  <<: *b\n  z: 3\nlist: [*b]\n";
  assert.deepEqual(readYamlDocument(text).value, {
    base: { x: 1, z: 2 },
    more: { z: 3, x: 1 },
    list: [{ x: 1, z: 2 }],
  });
});

test("aliases that multiply without measure are refused", () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const item = level === 0 ? "x" : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array(9).fill(item).join(", ")}]`;
  });
  assert.match(problemOf(() => readNodes(levels.join("\n"))).message, /without measure/);
});

test("infinity has no form in JSON", () => {
  assert.match(problemOf(() => readYaml("a: .inf\n")).message, /JSON/);
});

test("several documents keep their order and their places", () => {
  const documents = readYaml("# first\na: 1\n---\n---\nb:\n  - c: 2\n", { file: "m.yaml" });
  assert.deepEqual(
    documents.map((document) => document.value),
    [{ a: 1 }, { b: [{ c: 2 }] }],
  );
  assert.deepEqual(documents[1]?.position(["b", 0, "c"]), { file: "m.yaml", line: 6, column: 5 });
  assert.equal(documents[1]?.sourceLine(["b", 0, "c"]), "  - c: 2");
});

test("the position of what is not there is that of its nearest ancestor", () => {
  const document = readYamlDocument("spec:\n  a: 1\n", { file: "f" });
  assert.deepEqual(document.position(["spec", "b", "c"]), { file: "f", line: 1, column: 1 });
});

test("a second document where one is expected is an error at its place", () => {
  const problem = problemOf(() => readYamlDocument("a: 1\n---\nb: 2\n", { file: "f" }));
  assert.equal(problem.code, "yaml/several-documents");
  assert.equal(problem.position?.line, 3);
});

test("a block that ends with the file has no line break of its own there", () => {
  assert.deepEqual(readYamlDocument("a: |\n  x\n  y").value, { a: "x\ny" });
  assert.deepEqual(readYamlDocument("a: |\n  x\n  y\n").value, { a: "x\ny\n" });
});

test("a byte order mark and Windows line ends are read", () => {
  assert.deepEqual(readYamlDocument("\uFEFFa: 1\r\nb: |\r\n  x\r\n").value, { a: 1, b: "x\n" });
});

test("a version directive other than 1.1 is refused", () => {
  assert.match(problemOf(() => readNodes("%YAML 1.2\n---\na: 1\n")).message, /%YAML/);
});

test("YAML inside YAML names the lines of the outer file", () => {
  const node = readNode("a: 1\nb: 2\n", { file: "outer.yaml", lineOffset: 10 });
  assert.equal(positionOf(node.children[1])?.line, 12);
});

test("a key named like the prototype's stays an ordinary key", () => {
  const { value: object } = readYamlDocument("__proto__: {x: 1}\n");
  assert.deepEqual(Object.keys(object as object), ["__proto__"]);
});

test("lines that continue a flow collection or a quoted string may stand at any margin", () => {
  const text = 'labels: {\n  app: "x",\n}\nlist:\n  deep: [\n1,\n2\n]\nquoted: "one\ntwo"\n';
  assert.deepEqual(nodeToJson(readNode(text)), {
    labels: { app: "x" },
    list: { deep: [1, 2] },
    quoted: "one two",
  });
  assert.deepEqual(nodeToJson(readNode("- a: {\n\t'b': 1\n}\n")), [{ a: { b: 1 } }]);
  const last = getChild(readNode(text), "quoted");
  assert.equal(positionOf(last)?.line, 9);
  assert.throws(() => readNode("a: {\nb: [\n"), /not valid YAML/);
});

test("in braces and brackets, what is nothing and a time are strings for kustomize", () => {
  const time = "2001-12-14t21:59:43.10-05:00";
  const node = readNode(`a: {b: , c: [${time}], d: ~}\ne:\nf: ${time}\n`, { dialect: "kustomize" });
  assert.deepEqual(nodeToJson(node), {
    a: { b: "", c: [time], d: null },
    e: null,
    f: "2001-12-14T21:59:43.1-05:00",
  });
});
