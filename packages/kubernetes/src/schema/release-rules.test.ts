import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { isJsonObject, type Json, type JsonObject, readYaml } from "@slipway/yaml";
import { fixture, skipWithout } from "../../../../test/support/fixtures.ts";
import type { KubernetesObject } from "../object.ts";
import { compileCel } from "./cel.ts";
import { applySchemaDefaults } from "./default.ts";
import { formatFieldErrors } from "./field-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { pruneUnknownFields } from "./prune.ts";
import { validateBySchema } from "./validate.ts";
import { validateCustomResourceDefinition } from "./validate-crd.ts";

const golden = fixture("golden/26.03/example.yaml.gz");

describe("custom resources of release 26.03", { skip: skipWithout(golden) }, () => {
  let objects: KubernetesObject[] = [];
  const schemas = new Map<string, JsonObject>();

  before(() => {
    const text = gunzipSync(readFileSync(golden)).toString();
    objects = readYaml(text).map((document) => document.value as KubernetesObject);
    for (const crd of definitions()) {
      const spec = crd.spec as JsonObject;
      for (const version of spec.versions as JsonObject[]) {
        const key = `${spec.group}/${version.name}/${(spec.names as JsonObject).kind}`;
        schemas.set(key, (version.schema as JsonObject).openAPIV3Schema as JsonObject);
      }
    }
  });

  function definitions(): KubernetesObject[] {
    return objects.filter((object) => object.kind === "CustomResourceDefinition");
  }

  test("all 85 distinct rules compile", () => {
    const rules = new Set<string>();
    for (const schema of schemas.values()) collectRules(schema, rules);
    assert.equal(rules.size, 85);
    for (const rule of rules) assert.doesNotThrow(() => compileCel(rule), rule);
  });

  test("the 74 definitions are valid", () => {
    const found = definitions().map((crd) => [crd.metadata.name, validateCustomResourceDefinition(crd)]);
    assert.equal(found.length, 74);
    assert.deepEqual(
      found.filter(([, errors]) => (errors as unknown[]).length > 0),
      [],
    );
  });

  test("the 89 custom resources lose nothing to pruning and validate, rules included", () => {
    const custom = objects.filter((object) => schemas.has(`${object.apiVersion}/${object.kind}`));
    assert.equal(custom.length, 89);
    const refused: Record<string, string> = {};
    for (const object of custom) {
      const schema = parseSchema(schemas.get(`${object.apiVersion}/${object.kind}`) as JsonObject);
      const copy = structuredClone(object);
      assert.deepEqual(pruneUnknownFields(copy, schema), []);
      applySchemaDefaults(copy, schema);
      const errors = validateBySchema(copy, schema);
      if (errors.length > 0) refused[`${object.kind}/${object.metadata.name}`] = formatFieldErrors(errors);
    }
    assert.deepEqual(refused, {});
  });
});

function collectRules(value: Json, into: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collectRules(item, into);
  if (!isJsonObject(value)) return;
  const rules = value["x-kubernetes-validations"];
  if (Array.isArray(rules)) {
    for (const rule of rules) if (isJsonObject(rule) && typeof rule.rule === "string") into.add(rule.rule);
  }
  for (const item of Object.values(value)) if (item !== undefined) collectRules(item, into);
}
