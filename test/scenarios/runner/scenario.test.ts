import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ProblemError } from "@slipway/yaml";
import { compareObservations } from "./compare.ts";
import { loadScenarios, recordExpectations } from "./files.ts";
import { observe } from "./observe.ts";
import { readScenarios, type Step } from "./scenario.ts";

const one = (steps: string) => `about: something\nscenarios:\n  - name: one\n    steps:\n${steps}`;

test("a file that is wrong is refused with its place", () => {
  const cases: [string, string, number][] = [
    ["scenarios: 5\n", "scenarios: must be a list", 1],
    [one("      - frob: ConfigMap/a\n"), 'a step has no "frob"', 5],
    [one("      - create: A/a\n        get: A/a\n"), "a step has one of", 5],
    [one("      - create: A/a\n        like: none\n"), 'no base is called "none"', 6],
    ["scenarios:\n  - name: one\n    steps: []\n", '"one" has no steps', 2],
    ["scenarios:\n  - name: one\n    embedded: true\n    steps: [{ get: A/a }]\n", "says why", 3],
  ];
  for (const [text, message, line] of cases) {
    assert.throws(
      () => readScenarios(text, "f.yaml"),
      (error) => {
        assert.ok(error instanceof ProblemError);
        assert.ok(error.message.includes(message), error.message);
        assert.equal(error.problem.position?.line, line, message);
        return true;
      },
    );
  }
});

test("with says what is different from a base", () => {
  const text = one("      - create: A/a\n        like: b\n        with: { spec: { a: 2, b: null } }\n");
  const [scenario] = readScenarios(text, "f.yaml", { b: { spec: { a: 1, b: 1, c: 1 } } });
  assert.deepEqual(scenario?.steps[0]?.body, { spec: { a: 2, c: 1 } });
});

test("what is recorded reads back as it was observed, and recording again changes nothing", () => {
  const folder = mkdtempSync(join(tmpdir(), "scenarios-"));
  const file = join(folder, "a.yaml");
  const steps =
    "      - create: ConfigMap/a # first\n        with: { data: {} }\n\n      - get: ConfigMap/a\n        expect: { code: 500 }\n";
  writeFileSync(file, one(steps));
  const long = "x: [y], 'z' \"w\" # no comment\n".repeat(6);
  const observed = [
    { code: 201 },
    { code: 404, message: long, causes: [long, "a: b"], object: { n: "1", t: "true", e: "", m: {} } },
  ];
  const record = () => {
    for (const scenario of loadScenarios(folder)) recordExpectations(file, new Map([[scenario, observed]]));
  };
  record();
  const text = readFileSync(file, "utf8");
  assert.deepEqual(
    loadScenarios(folder)[0]?.steps.map(({ expect }) => expect),
    observed,
  );
  assert.match(text, /# first/);
  record();
  assert.equal(readFileSync(file, "utf8"), text);
  rmSync(folder, { recursive: true });
});

test("two servers' answers are the same without names, times, versions and identifiers", () => {
  const [scenario] = readScenarios(
    one("      - create: ConfigMap/\n        with: { metadata: { generateName: a- } }\n"),
    "f.yaml",
  );
  const step = scenario?.steps[0] as Step;
  const answer = (namespace: string, name: string, version: string, data: string) =>
    observe(
      {
        code: 201,
        headers: { warning: `299 - "in ${namespace}"` },
        body: {
          kind: "ConfigMap",
          metadata: { generateName: "a-", name, namespace, resourceVersion: version, uid: `${version}-x` },
          data: { data, at: `20${version.slice(0, 2)}-01-01T00:00:00Z` },
        },
      },
      { step, whole: true, placeholders: new Map([[namespace, "$NS"]]) },
    );
  const here = answer("scenario-0001", "a-bcdfg", "2644", "x");
  assert.deepEqual(compareObservations([here], [answer("scenario-0002", "a-zxcvb", "2712", "x")]), []);
  assert.deepEqual(compareObservations([here], [answer("scenario-0002", "a-zxcvb", "2712", "y")]), [
    'step 1.object.data.data\n      expected "x"\n      answered "y"',
  ]);
  assert.deepEqual(here.warnings, ["in $NS"]);
});
