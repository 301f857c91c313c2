import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { parseSchema } from "./parse-schema.ts";
import { validateValue } from "./validate.ts";

/** Which alternatives' mistakes are told of a value, by the details behind the first line. */
function told(anyOf: readonly JsonObject[], value: unknown): string[] {
  const schema = parseSchema({ type: "object", properties: { field: { anyOf: [...anyOf] } } });
  return validateValue({ field: value } as JsonObject, schema, "").map(({ message }) => message);
}

test("of alternatives that a value meets alike the first is told, with all of its mistakes", () => {
  const whole = told([{ type: "integer" }, { type: "string" }], 1.5);
  assert.equal(whole.length, 3);
  assert.match(whole[1] ?? "", /must be of type integer: "number"/);
  assert.match(whole[2] ?? "", /Checked value must be of type integer/);
  assert.match(told([{ type: "string" }, { type: "integer" }], 1.5)[1] ?? "", /must be of type string/);
});

test("an alternative of the value's type comes before one of another", () => {
  const [, second, ...others] = told([{ type: "string" }, { type: "integer", minimum: 3, multipleOf: 5 }], 1);
  assert.match(second ?? "", /greater than or equal to 3/);
  assert.equal(others.length, 1);
});

test("an alternative that looks at more of the value comes before one that looks at less", () => {
  const anyOf = [{ required: ["b"] }, { properties: { a: { maximum: 1 } } }];
  assert.match(told(anyOf, { a: 2 })[1] ?? "", /less than or equal to 1/);
});
