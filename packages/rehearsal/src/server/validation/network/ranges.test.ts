import assert from "node:assert/strict";
import { test } from "node:test";
import { isRange, isWithin, rangeWarnings, validateRange } from "./ranges.ts";

const details = (text: string) =>
  validateRange(text, "cidr").map(({ message }) => message.replace(/^Invalid value: "[^"]*": /, ""));

test("a range is read strictly", () => {
  for (const text of ["10.9.8.0/24", "2001:DB8::/32", "0.0.0.0/0", "1.2.3.4/32", "::/0", "::1/128"]) {
    assert.deepEqual(details(text), []);
  }
  for (const text of ["", "a", "1.2.3.4", "1.2.3.0/33", "1.2.3/24", "::/129", "1.2.3.0/-1", "1.2.3.0/24/1"]) {
    assert.deepEqual(details(text), ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]);
  }
  for (const text of ["010.1.2.0/24", "1.2.3.0/024"]) {
    assert.deepEqual(details(text), ["must not have leading 0s in IP or prefix length"]);
  }
  assert.deepEqual(details("::ffff:1.2.3.0/120"), ["must not have an IPv4-mapped IPv6 address"]);
  for (const text of ["1.2.3.4/24", "2001:db8::1/64"]) {
    assert.deepEqual(details(text), ["must not have bits set beyond the prefix length"]);
  }
});

test("a range lies in a larger one of its family", () => {
  assert.equal(isWithin("1.2.3.128/25", "1.2.3.0/24"), true);
  assert.equal(isWithin("2001:db8:1::/48", "2001:db8::/32"), true);
  for (const [inner, outer] of [
    ["1.2.3.0/24", "1.2.3.0/24"],
    ["1.2.2.0/23", "1.2.3.0/24"],
    ["1.2.4.0/25", "1.2.3.0/24"],
    ["2001:db8::/64", "1.2.3.0/24"],
  ] as const)
    assert.equal(isWithin(inner, outer), false);
  assert.deepEqual(["010.1.2.4/024", "1.2.3.4"].map(isRange), [true, false]);
});

test("a range of IPv6 is usually written short and in small letters", () => {
  assert.deepEqual(rangeWarnings("2001:DB8::/32", "cidr"), [
    'cidr: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")',
  ]);
  assert.deepEqual(rangeWarnings("2001:db8::/32", "cidr"), []);
});
