import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { formatFieldError } from "./field-error.ts";
import { validateCustomResourceDefinition } from "./validate-crd.ts";

function definition(field: JsonObject, change: JsonObject = {}): JsonObject {
  const schema = { type: "object", properties: { spec: { type: "object", properties: { field } } } };
  return {
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      conversion: { strategy: "None" },
      ...change,
    },
  };
}

const texts = (crd: JsonObject) => validateCustomResourceDefinition(crd).map(formatFieldError);
const place = "spec.validation.openAPIV3Schema.properties[spec].properties[field]";

test("a plain definition is valid", () => {
  assert.deepEqual(texts(definition({ type: "string", default: "x" })), []);
});

test("a schema that is not structural is refused where it is not", () => {
  const cases: [JsonObject, string][] = [
    [{}, `${place}.type: Required value: must not be empty for specified object fields`],
    [{ type: "array" }, `${place}.items: Required value: must be specified`],
    [
      { type: "text" },
      `${place}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`,
    ],
    [{ type: "object", $ref: "#/x" }, `${place}.$ref: Forbidden: $ref is not supported`],
    [
      { type: "object", properties: { a: { type: "string" } }, additionalProperties: { type: "string" } },
      `${place}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
    [
      { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
      `${place}.x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
    [
      {
        type: "array",
        items: { type: "object", properties: { n: { type: "string" } } },
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["n"],
      },
      `${place}.items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
    [
      { type: "integer", default: "x" },
      `${place}.default: Invalid value: "string":  in body must be of type integer: "string"`,
    ],
    [
      { type: "string", anyOf: [{ type: "string" }] },
      `${place}.anyOf[0].type: Forbidden: must be empty to be structural`,
    ],
  ];
  for (const [field, expected] of cases) assert.deepEqual(texts(definition(field)), [expected]);
});

test("integers and texts are spelled out in one way, also where int-or-string is missing", () => {
  const anyOf = [{ type: "integer" }, { type: "string" }];
  assert.deepEqual(texts(definition({ anyOf })), [
    `${place}.type: Required value: must not be empty for specified object fields`,
  ]);
  assert.equal(texts(definition({ anyOf: [...anyOf].reverse() })).length, 3);
});

test("a rule that does not compile is refused", () => {
  const [text] = texts(definition({ type: "string", "x-kubernetes-validations": [{ rule: "self ==" }] }));
  assert.match(
    text ?? "",
    /x-kubernetes-validations\[0\]\.rule: Invalid value: .*compilation failed: ERROR: <input>:1:\d+: Syntax error/,
  );
});

test("a rule that costs too much is refused, unless the schema was accepted with it before", () => {
  const field = (more: JsonObject) => ({
    type: "string",
    "x-kubernetes-validations": [{ rule: "self.contains('abc' + self)" }],
    ...more,
  });
  const dear = definition(field({ maxLength: 10_000 }));
  assert.deepEqual(texts(definition(field({ maxLength: 100 }))), []);
  const [text, ...others] = texts(dear);
  assert.match(text ?? "", /\[0\]\.rule: Forbidden: estimated rule cost exceeds budget by factor of 1\.6x/);
  assert.deepEqual(others, []);
  assert.deepEqual(validateCustomResourceDefinition(dear, dear), []);
  assert.equal(validateCustomResourceDefinition(dear, definition(field({ maxLength: 9_999 }))).length, 1);
});

test("the path of a rule leads to a field", () => {
  const texted = (fieldPath: string) =>
    texts(
      definition({
        type: "object",
        properties: { a: { type: "object", additionalProperties: { type: "string" } } },
        "x-kubernetes-validations": [{ rule: "true", fieldPath }],
      }),
    ).length;
  assert.deepEqual([".a", ".a['x y']", ".a.b", ".b", "a", ".a['x"].map(texted), [0, 0, 0, 1, 1, 1]);
});

test("lists of versions are printed as the server's own type", () => {
  const schemas = [{ type: "object" }, { type: "object", minProperties: 1 }];
  const versions = schemas.map((openAPIV3Schema, index) => ({
    name: `v${index}`,
    storage: true,
    schema: { openAPIV3Schema },
  }));
  const [text = ""] = texts(definition({ type: "string" }, { versions }));
  const printed = JSON.parse(text.slice(text.indexOf("["), text.lastIndexOf("]") + 1)) as JsonObject[];
  assert.deepEqual(
    printed.map(({ Name, Subresources }) => [Name, Subresources]),
    [
      ["v0", null],
      ["v1", null],
    ],
  );
  assert.match(text, /"MinProperties":1,.*: must have exactly one version marked as storage version$/);
});

test("names, scope, versions and conversion", () => {
  const field = { type: "string" };
  assert.deepEqual(texts(definition(field, { group: "other.com" })), [
    'metadata.name: Invalid value: "things.example.com": must be spec.names.plural+"."+spec.group',
  ]);
  assert.deepEqual(texts(definition(field, { scope: "Everywhere" })), [
    'spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"',
  ]);
  assert.deepEqual(texts(definition(field, { versions: [] })), [
    "spec.versions: Invalid value: []: must have exactly one version marked as storage version",
  ]);
  assert.deepEqual(texts(definition(field, { versions: [{ name: "v1", storage: true }] })), [
    "spec.versions[0].schema.openAPIV3Schema: Required value",
  ]);
  assert.deepEqual(texts(definition(field, { conversion: { strategy: "Webhook" } })), [
    "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
    "spec.conversion.conversionReviewVersions: Required value",
  ]);
});
