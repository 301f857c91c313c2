import assert from "node:assert/strict";
import { test } from "node:test";
import { getChild, readNode } from "@slipway/yaml";
import { primitiveValue } from "./primitive-value.ts";

/** The value alone and among other text. */
function values(text: string): string | undefined {
  const node = getChild(readNode(`v: ${text}\n`, { dialect: "kustomize" }), "v");
  const value = node && primitiveValue(node);
  return value && `${value.text} ${value.inText ?? value.text} ${value.type}`;
}

test("booleans are written out", () => {
  assert.equal(values("False"), "false false boolean");
  assert.equal(values("TRUE"), "true true boolean");
  assert.equal(values("on"), "on on string");
});

test("integers are read as decimal, whatever their prefix means in YAML", () => {
  assert.equal(values("0777"), "777 777 integer");
  assert.equal(values("+7"), "7 7 integer");
  assert.equal(values("9223372036854775807"), "9223372036854775807 9223372036854775807 integer");
  for (const text of ["0o17", "0x1F", "0b11", "1_000", "9223372036854775808"]) {
    assert.equal(values(text), undefined, text);
  }
});

test("floats have no exponent alone and Go's shortest form among other text", () => {
  assert.equal(values("1.50"), "1.5 1.5 float");
  assert.equal(values("1e6"), "1000000 1e+06 float");
  assert.equal(values("1000000.5"), "1000000.5 1.0000005e+06 float");
  assert.equal(values("-1.5e-7"), "-0.00000015 -1.5e-07 float");
  assert.equal(values("-0.0"), "-0 -0 float");
  assert.equal(values("1_0.5"), "10.5 10.5 float");
  assert.equal(values("1__0.5"), undefined);
  assert.equal(values(".inf"), undefined);
});

test("strings stay and maps are nothing that could be put into a text", () => {
  assert.equal(values('"5"'), "5 5 string");
  assert.equal(values("{a: b}")?.trim(), "null");
});
