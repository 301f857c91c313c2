import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "../build.ts";
import { memoryFileSystem } from "../memory-file-system.ts";

const byName = '{"type":"array","x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"name"}';
const items = "  - name: a\n  - name: b\n    v: 1\n";

function foo(rest: string): string {
  return `apiVersion: example.com/v1\nkind: Foo\nmetadata:\n  name: f\n${rest}`;
}

/** The list of a custom object after a patch that gives `v: 2` to its item `b`, in one line. */
function merged(object: string, patch = "spec:\n  list:\n  - name: b\n    v: 2\n", more = ""): string {
  const out = build("/", {
    fileSystem: memoryFileSystem({
      "kustomization.yaml": `resources: [foo.yaml]\npatches:\n${more}- path: p.yaml\n`,
      "foo.yaml": foo(object),
      "p.yaml": foo(patch),
    }),
  }).yaml();
  return [...out.matchAll(/- name: (\w)(?:\n {4}v: (\d))?/g)].map(([, name, v = ""]) => name + v).join(" ");
}

test("without a schema a list of a custom object is replaced", () => {
  assert.equal(merged(`spec:\n  list:\n${items}`), "b2");
});

test("a schema beside a list or above its key says by which key to merge", () => {
  assert.equal(merged(`spec:\n  list: # ${byName}\n${items}`), "b2 a");
  assert.equal(merged(`spec:\n  list: ## ${byName}\n${items}`), "b2 a");
  assert.equal(merged(`spec:\n  # ${byName}\n  list:\n${items}`), "b2 a");
  assert.equal(merged(`spec:\n  list: [{name: a}, {name: b, v: 1}] # ${byName}\n`), "b2 a");
});

test("the patch may bring the schema", () => {
  const patch = `spec:\n  list: # ${byName}\n  - name: b\n    v: 2\n`;
  assert.equal(merged(`spec:\n  list:\n${items}`, patch), "b2 a");
});

test("a schema beside a map holds for its fields", () => {
  assert.equal(merged(`spec: # {"properties":{"list":${byName}}}\n  list:\n${items}`), "b2 a");
});

test("a comment of several lines, one at an item, or one hidden by words beside the key says nothing", () => {
  assert.equal(merged(`spec:\n  # words\n  # ${byName}\n  list:\n${items}`), "b2");
  assert.equal(merged(`spec:\n  list:\n  # ${byName}\n${items}`), "b2");
  assert.equal(merged(`spec:\n  # ${byName}\n  list: # words\n${items}`), "b2");
});

test("a JSON patch takes the comments away", () => {
  const more = "- target: {kind: Foo}\n  patch: |-\n    - op: add\n      path: /spec/x\n      value: y\n";
  assert.equal(merged(`spec:\n  list: # ${byName}\n${items}`, undefined, more), "b2");
});

test("a comment at a key stays behind when a patch puts the list into an object; one that the object has stays", () => {
  const after = (object: string, first: string) =>
    merged(object, undefined, `- patch: |-\n${foo(first).replaceAll(/^/gm, "    ")}\n`);
  const none = "spec:\n  x: 1\n";
  assert.equal(after(none, `spec:\n  list: # ${byName}\n${items}`), "b2");
  assert.equal(after(none, `spec:\n  # ${byName}\n  list:\n${items}`), "b2");
  assert.equal(after(`spec:\n  list: # ${byName}\n${items}`, "spec:\n  list:\n  - name: c"), "b2 c a");
});

test("a comment behind brackets is gone once the list was merged", () => {
  const first = `- patch: |-\n${foo("spec:\n  list:\n  - name: c").replaceAll(/^/gm, "    ")}\n`;
  const list = `[{name: a}, {name: b, v: 1}] # ${byName}`;
  assert.equal(merged(`spec:\n  list: ${list}\n`, undefined, first), "b2");
  assert.equal(merged(`spec:\n  # ${byName}\n  list: ${list}\n`, undefined, first), "b2 c a");
});

test("any JSON object in a comment hides what is known of a built-in list", () => {
  const pod = (comment: string, image: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:${comment}\n  - name: b\n    image: ${image}\n`;
  const run = (comment: string) =>
    build("/", {
      fileSystem: memoryFileSystem({
        "kustomization.yaml": "resources: [pod.yaml]\npatches: [{path: p.yaml}]\n",
        "pod.yaml": `${pod(comment, "x")}  - name: a\n    image: y\n`,
        "p.yaml": pod("", "z"),
      }),
    }).yaml();
  assert.match(run(""), /name: a\n/);
  assert.match(run(" # {}"), /name: a\n/);
  assert.doesNotMatch(run(' # {"$kpt-set":"x"}'), /name: a\n/);
});
