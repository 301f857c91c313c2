import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { formatFieldErrors } from "./field-error.ts";
import { parseSchema } from "./parse-schema.ts";
import { validateBySchema } from "./validate.ts";

/** The texts for a value of `spec.field` under this schema. */
function textsFor(field: JsonObject, value: unknown, old?: unknown): string {
  const schema = parseSchema({
    type: "object",
    properties: { spec: { type: "object", properties: { field } } },
  });
  const wrap = (inner: unknown) => ({ spec: inner === undefined ? {} : { field: inner } }) as JsonObject;
  const options = old === undefined ? {} : { old: wrap(old) };
  const errors = validateBySchema(wrap(value), schema, options);
  return errors.length === 0 ? "" : formatFieldErrors(errors);
}

test("each limit is refused in the API server's words", () => {
  const cases: [JsonObject, unknown, string][] = [
    [
      { type: "integer" },
      "x",
      `spec.field: Invalid value: "string": spec.field in body must be of type integer: "string"`,
    ],
    [
      { type: "string" },
      null,
      `spec.field: Invalid value: "null": spec.field in body must be of type string: "null"`,
    ],
    [
      { type: "string", enum: ["a", "b"] },
      "c",
      `spec.field: Unsupported value: "c": supported values: "a", "b"`,
    ],
    [
      { type: "string", pattern: "^a$", minLength: 1 },
      "",
      'spec.field: Invalid value: "": spec.field in body should be at least 1 chars long',
    ],
    [
      { type: "number", multipleOf: 0.5 },
      8,
      "spec.field: Invalid value: 0: factor MultipleOf declared for spec.field must be positive: 0",
    ],
    [
      { type: "string", pattern: "^a$" },
      "b",
      "spec.field: Invalid value: \"b\": spec.field in body should match '^a$'",
    ],
    [
      { type: "string", minLength: 2 },
      "b",
      'spec.field: Invalid value: "b": spec.field in body should be at least 2 chars long',
    ],
    [{ type: "string", maxLength: 2 }, "abc", `spec.field: Too long: may not be more than 2 bytes`],
    [
      { type: "integer", minimum: 1 },
      0,
      "spec.field: Invalid value: 0: spec.field in body should be greater than or equal to 1",
    ],
    [
      { type: "integer", maximum: 1, exclusiveMaximum: true },
      1,
      "spec.field: Invalid value: 1: spec.field in body should be less than 1",
    ],
    [
      { type: "number", multipleOf: 0.5 },
      0.7,
      "spec.field: Invalid value: 0.7: spec.field in body should be a multiple of 0.5",
    ],
    [
      { type: "array", maxItems: 1, items: { type: "string" } },
      ["a", "b"],
      `spec.field: Too many: 2: must have at most 1 item`,
    ],
    [
      { type: "array", minItems: 1, items: { type: "string" } },
      [],
      "spec.field: Invalid value: 0: spec.field in body should have at least 1 items",
    ],
    [
      { type: "object", required: ["a"], properties: { a: { type: "string" } } },
      {},
      `spec.field.a: Required value`,
    ],
    [
      { type: "string", format: "date-time" },
      "today",
      `spec.field: Invalid value: "today": spec.field in body must be of type date-time: "today"`,
    ],
    [
      { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
      ["a", "a"],
      'spec.field[1]: Duplicate value: "a"',
    ],
    [
      {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: { type: "object", properties: { name: { type: "string" } } },
      },
      [{ name: "x" }, { name: "x" }],
      'spec.field[1]: Duplicate value: {"name":"x"}',
    ],
    [
      {
        type: "object",
        properties: { a: { type: "string" }, b: { type: "string" } },
        oneOf: [{ required: ["a"] }, { required: ["b"] }],
      },
      { a: "1", b: "2" },
      '<nil>: Invalid value: "": "spec.field" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  ];
  for (const [schema, value, expected] of cases) assert.equal(textsFor(schema, value), expected);
});

test("what fits is accepted", () => {
  assert.equal(textsFor({ "x-kubernetes-int-or-string": true }, 3), "");
  assert.equal(textsFor({ "x-kubernetes-int-or-string": true }, "30%"), "");
  assert.equal(textsFor({ type: "string", nullable: true }, null), "");
  assert.equal(textsFor({ type: "object", "x-kubernetes-preserve-unknown-fields": true }, { any: [1] }), "");
});

test("rules: message, messageExpression, reason and fieldPath", () => {
  const rule = (extra: JsonObject) => ({
    type: "object",
    properties: { min: { type: "integer" }, max: { type: "integer" } },
    "x-kubernetes-validations": [{ rule: "self.min <= self.max", ...extra }],
  });
  const value = { min: 3, max: 2 };
  assert.equal(textsFor(rule({}), { min: 1, max: 2 }), "");
  assert.equal(textsFor(rule({}), value), "spec.field: Invalid value: failed rule: self.min <= self.max");
  assert.equal(
    textsFor(rule({ message: "min above max" }), value),
    "spec.field: Invalid value: min above max",
  );
  assert.equal(
    textsFor(rule({ messageExpression: "'%d > %d'.format([self.min, self.max])", fieldPath: ".max" }), value),
    "spec.field.max: Invalid value: 3 > 2",
  );
  assert.equal(
    textsFor(rule({ message: "no", reason: "FieldValueForbidden" }), value),
    "spec.field: Forbidden: no",
  );
  assert.equal(
    textsFor(rule({}), { min: 3 }),
    'spec.field: Invalid value: "object": no such key: max evaluating rule: self.min <= self.max',
  );
});

test("a transition rule runs where there is an old value, list-map items found by key", () => {
  const immutable = {
    type: "string",
    "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "is immutable" }],
  };
  assert.equal(textsFor(immutable, "a"), "");
  assert.equal(textsFor(immutable, "a", "a"), "");
  assert.equal(textsFor(immutable, "b", "a"), 'spec.field: Invalid value: "b": is immutable');
  const list = {
    type: "array",
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["name"],
    items: { type: "object", properties: { name: { type: "string" }, value: immutable } },
  };
  const before = [
    { name: "x", value: "1" },
    { name: "y", value: "2" },
  ];
  const after = [
    { name: "y", value: "3" },
    { name: "z", value: "1" },
  ];
  assert.equal(textsFor(list, after, before), 'spec.field[0].value: Invalid value: "3": is immutable');
  const once = {
    type: "string",
    "x-kubernetes-validations": [
      { rule: "oldSelf.hasValue() || self == 'new'", optionalOldSelf: true, message: "start as new" },
    ],
  };
  assert.equal(textsFor(once, "other"), 'spec.field: Invalid value: "other": start as new');
  assert.equal(textsFor(once, "other", "new"), "");
});

test("an update is not refused for what it leaves as it was", () => {
  assert.equal(textsFor({ type: "string", enum: ["a"] }, "old", "old"), "");
  assert.notEqual(textsFor({ type: "string", enum: ["a"] }, "older", "old"), "");
});

test("rules that were not tried are mentioned where there are rules", () => {
  const field = {
    type: "string",
    enum: ["a"],
    "x-kubernetes-validations": [{ rule: "self != ''" }],
  };
  assert.equal(
    textsFor(field, "b"),
    '[spec.field: Unsupported value: "b": supported values: "a", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
  );
});
