import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { KubernetesObject } from "@slipway/kubernetes";
import { groupOf } from "@slipway/kubernetes";
import { fact, fixture, skipWithout } from "../../../../../test/support/fixtures.ts";
import { typesOf } from "../crd/definition.ts";
import { createRegistry } from "../registry.ts";
import { formatSpan } from "./age.ts";
import { columnsOf } from "./columns.ts";
import { readJsonPath } from "./json-path.ts";

const facts = fact("kubernetes-1.36-tables.json");
const recorded = fixture("real-server/26.03/tables.json.gz");
const objects = fixture("real-server/26.03/final.ndjson.gz");

interface FactColumn {
  name: string;
  type: string;
  format: string;
  priority: number;
}

function splitPath(path: string): [group: string, version: string, resource: string] {
  const parts = path.split("/").slice(1);
  return parts[0] === "api"
    ? ["", parts[1] ?? "", parts[2] ?? ""]
    : [parts[1] ?? "", parts[2] ?? "", parts[3] ?? ""];
}

test("the built-in kinds have the columns of a real server", { skip: skipWithout(facts) }, () => {
  const registry = createRegistry();
  const expected: Record<string, FactColumn[]> = JSON.parse(readFileSync(facts, "utf8"));
  for (const [path, columns] of Object.entries(expected)) {
    const type = registry.find(...splitPath(path));
    assert.ok(type, path);
    const ours = columnsOf(type).map(({ name, type: dataType, format, priority }) => ({
      name,
      type: dataType,
      format,
      priority,
    }));
    assert.deepEqual(ours, columns, path);
  }
});

test("recorded objects have the cells that a real server gave them", { skip: skipWithout(recorded) }, () => {
  const tables: Record<string, { columns: string[]; rows: unknown[][] }> = JSON.parse(
    gunzipSync(readFileSync(recorded)).toString(),
  );
  const all: KubernetesObject[] = gunzipSync(readFileSync(objects))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const registry = createRegistry();
  for (const object of all) {
    if (object.kind === "CustomResourceDefinition") {
      registry.setCustom(object.metadata.name, typesOf(object));
    }
  }
  let compared = 0;
  for (const [path, table] of Object.entries(tables)) {
    const [group, version, resource] = splitPath(path);
    const type = registry.find(group, version, resource);
    assert.ok(type, path);
    const columns = columnsOf(type);
    assert.deepEqual(
      columns.map(({ name }) => name),
      table.columns,
      path,
    );
    const rows = new Map(
      table.rows.map((row) => [`${row[0]}/${row[table.columns.indexOf("Name") + 1]}`, row]),
    );
    for (const object of all) {
      if (groupOf(object.apiVersion) !== group || object.kind !== type.kind) continue;
      const row = rows.get(`${object.metadata.namespace ?? ""}/${object.metadata.name}`);
      // The objects were read a moment after the tables: what came in between is in one only.
      if (!row) continue;
      for (const [index, column] of columns.entries()) {
        if (/^(Age|Last Seen|First Seen)$/.test(column.name)) continue;
        const cell = column.cell(object, 0) ?? null;
        assert.deepEqual(cell, row[index + 1], `${path} ${object.metadata.name} ${column.name}`);
        compared++;
      }
    }
  }
  assert.ok(compared > 4000, `${compared} cells compared`);
});

test("a span has at most two units", () => {
  const seconds = (count: number) => formatSpan(count * 1000);
  assert.equal(seconds(119), "119s");
  assert.equal(seconds(200), "3m20s");
  assert.equal(seconds(1200), "20m");
  assert.equal(seconds(4 * 3600 + 60), "4h1m");
  assert.equal(seconds(60 * 3600), "2d12h");
  assert.equal(seconds(300 * 86400), "300d");
  assert.equal(seconds(3 * 365 * 86400), "3y");
});

test("a path picks fields, indices and list entries", () => {
  const object = {
    status: {
      conditions: [
        { type: "Ready", status: "True" },
        { type: "Other", status: "False" },
      ],
    },
    metadata: { annotations: { "a.b/c": "x" } },
    spec: { list: [1, 2] },
  };
  assert.deepEqual(readJsonPath(object, ".status.conditions[?(@.type=='Ready')].status"), ["True"]);
  assert.deepEqual(readJsonPath(object, '.status.conditions[?(@.type=="Other")].status'), ["False"]);
  assert.deepEqual(readJsonPath(object, ".metadata.annotations.a\\.b/c"), ["x"]);
  assert.deepEqual(readJsonPath(object, ".spec.list[*]"), [1, 2]);
  assert.deepEqual(readJsonPath(object, ".spec.list[-1:]"), []);
  assert.deepEqual(readJsonPath(object, ".spec.list[-1]"), [2]);
  assert.deepEqual(readJsonPath(object, ".spec.none"), []);
});
