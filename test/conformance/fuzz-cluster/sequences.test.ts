import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { formatScenario } from "../../scenarios/runner/format.ts";
import { readScenarios, type Step } from "../../scenarios/runner/scenario.ts";
import { seededRandom } from "../fuzz/random.ts";
import { comparable } from "./comparable.ts";
import { drawSequence, sequenceLength } from "./draw-sequence.ts";
import { withComparableKeys } from "./merge-keys.ts";
import { mutate, pathsOf, read, write } from "./mutate.ts";
import { shrink } from "./shrink.ts";
import { sweepCases } from "./sweep.ts";
import { loadPool, type Pool } from "./templates.ts";
import { selfContained, writeScenario } from "./write-scenario.ts";

const pool = loadPool();

test("a seed gives the same sequence of requests each time, another seed another one", () => {
  const draw = (seed: number) => drawSequence(seed, pool).steps;
  assert.deepEqual(draw(3), draw(3));
  assert.notDeepEqual(draw(3), draw(4));
  assert.equal(draw(3).filter(({ verb }) => verb !== "sleep").length, sequenceLength);
});

test("what is added to the pool leaves nearly all sequences as they were", () => {
  const template = { kind: "Added", namespaced: true, custom: false, body: { spec: { added: true } } };
  const grown: Pool = { ...pool, byKind: new Map([["Added", [template]], ...pool.byKind]) };
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);
  const stepsOf = (seed: number, from: Pool) => JSON.stringify(drawSequence(seed, from).steps);
  const kept = seeds.filter((seed) => stepsOf(seed, grown) === stepsOf(seed, pool));
  assert.ok(kept.length > 180, `${kept.length} of ${seeds.length} are as they were`);
  assert.ok(kept.length < seeds.length, "nothing is drawn of what was added");
});

test("a drawn sequence can be written into a scenario file", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const sequence = drawSequence(seed, pool);
    const text = `scenarios:\n${formatScenario(sequence)}\n`;
    const [scenario] = readScenarios(text, "f.yaml");
    const parts = ({ steps }: { steps: typeof sequence.steps }) =>
      steps.map(({ verb, target, body, query, manager, force }) => ({
        verb,
        target,
        body,
        query,
        manager,
        force,
      }));
    assert.deepEqual(scenario && parts(scenario), parts(sequence));
  }
});

test("a strategic merge patch has no key that the real server cannot compare", () => {
  const containers = [{ name: ["a"], image: "i", ports: [{ containerPort: { a: "b" } }] }, { name: "b" }];
  assert.deepEqual(withComparableKeys({ name: ["kept"], spec: { containers, type: {} } }), {
    name: ["kept"],
    spec: { containers: [{ image: "i", ports: [{}] }, { name: "b" }], type: {} },
  });
});

test("a mutation changes a copy, in one place", () => {
  const value: JsonObject = { spec: { a: [1, 2], b: { c: "x" } }, d: true };
  const before = structuredClone(value);
  let changed = 0;
  for (let seed = 0; seed < 50; seed++) {
    const next = mutate(value, seededRandom(seed), { spec: { e: 1 } });
    assert.deepEqual(value, before);
    if (JSON.stringify(next) !== JSON.stringify(value)) changed++;
  }
  assert.ok(changed > 30);
  assert.deepEqual(pathsOf({ a: [{ b: 1 }] }), [["a"], ["a", 0], ["a", 0, "b"]]);
  assert.deepEqual(write(value, ["spec", "a", 0], undefined), { spec: { a: [2], b: { c: "x" } }, d: true });
  assert.equal(read(write(value, ["spec", "b", "c"], "y"), ["spec", "b", "c"]), "y");
});

test("a sequence is shrunk to the steps and fields that make the difference", async () => {
  const body = { data: { a: "1", b: "2" }, metadata: { labels: { x: "y" } } };
  const steps = drawSequence(1, pool).steps.slice(0, 6);
  const sequence = { ...drawSequence(1, pool), steps: steps.map((step) => ({ ...step, body })) };
  const last = steps[4]?.line;
  const small = await shrink(sequence, async (candidate) =>
    candidate.steps.some(({ line, body: left }) => line === last && JSON.stringify(left).includes('"b":"2"')),
  );
  assert.deepEqual(
    small.steps.map((step) => step.body),
    [{ data: { b: "2" } }],
  );
});

test("a difference is written as a scenario that brings its custom kinds along", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-fuzz-"));
  try {
    const [step] = drawSequence(1, pool).steps;
    assert.ok(step);
    const steps: Step[] = [
      { ...step, verb: "create", target: "Gadget.v1.fuzz.example.com/x", body: { spec: { size: 1 } } },
    ];
    const scenario = selfContained({ ...drawSequence(1, pool), steps }, pool.definitions);
    assert.ok(scenario);
    const file = writeScenario(folder, scenario, [{ code: 201 }, { code: 200 }, {}, { code: 201 }]);
    writeScenario(folder, { ...scenario, name: "another" }, []);
    const [first, second] = readScenarios(readFileSync(file, "utf8"), file);
    assert.equal(second?.name, "another");
    assert.deepEqual(
      first?.steps.map(({ verb, target, until, expect }) => [verb, target, until, expect]),
      [
        ["create", "CustomResourceDefinition/gadgets.$NS.fuzz.example.com", undefined, { code: 201 }],
        [
          "get",
          "CustomResourceDefinition/gadgets.$NS.fuzz.example.com",
          { "status.conditions.type=Established.status": "True" },
          { code: 200 },
        ],
        ["sleep", "1", undefined, undefined],
        ["create", "Gadget.v1.$NS.fuzz.example.com/x", undefined, { code: 201 }],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a written scenario saves what a later step uses, and nothing else", () => {
  const [like] = drawSequence(1, pool).steps;
  assert.ok(like);
  const step: Step = { ...like, verb: "create", target: "ConfigMap/x", body: {}, query: {} };
  const save = { V1: "metadata.resourceVersion", U1: "metadata.uid" };
  const next = { ...step, verb: "update" as const, body: { metadata: { resourceVersion: "$V1" } }, save };
  const scenario = selfContained({ ...drawSequence(1, pool), steps: [{ ...step, save }, next] }, []);
  assert.deepEqual(
    scenario?.steps.map((one) => one.save),
    [{ V1: "metadata.resourceVersion" }, {}],
  );
});

test("a sweep changes each field of a kind once, and one entry of a map of anybody's keys", () => {
  const template = (body: JsonObject) => ({ kind: "Pod", namespaced: true, custom: false, body });
  const templates = [
    template({ metadata: { labels: { a: "1", b: "2" } }, spec: { items: [{ size: 1 }, { size: 2 }] } }),
    template({ spec: { items: [{ size: 3 }], on: true } }),
  ];
  const cases = sweepCases({ byKind: new Map([["Pod", templates]]), definitions: [] });
  const at = (place: string) => cases.filter(({ name }) => name.includes(place)).map(({ name }) => name);
  assert.deepEqual(at("labels.a"), [
    "Pod metadata.labels.a: removed",
    "Pod metadata.labels.a: null",
    "Pod metadata.labels.a: an empty text",
    "Pod metadata.labels.a: another text",
  ]);
  assert.deepEqual(at("labels.b"), []);
  assert.deepEqual(at("size").length, 4);
  assert.deepEqual(cases.find(({ name }) => name === "Pod spec.on: turned")?.body, {
    spec: { items: [{ size: 3 }], on: false },
  });
});

test("what the real server says in no order compares alike, and verdicts do not", () => {
  const one = { code: 422, reason: "Invalid", message: "X is invalid: [a, b]", causes: ["a", "b"] };
  const other = { code: 422, reason: "Invalid", message: "X is invalid: [b, a]", causes: ["b", "a"] };
  assert.deepEqual(comparable(one), comparable(other));
  assert.notDeepEqual(comparable(one), comparable({ ...other, causes: ["b"] }));
  assert.notDeepEqual(comparable(one), comparable({ ...other, code: 409 }));
});
