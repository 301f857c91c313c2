import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addressWarnings,
  validateAddress,
  validateCanonicalAddress,
  validateReachable,
} from "./addresses.ts";

const details = (errors: readonly { readonly message: string }[]) =>
  errors.map(({ message }) => message.replace(/^Invalid value: "[^"]*": /, ""));

test("an address is read strictly", () => {
  for (const text of ["10.9.8.7", "2001:DB8::ffff", "::1.2.3.4"]) {
    assert.deepEqual(validateAddress(text, "ip"), []);
  }
  for (const text of ["", "a", "1.2.3", "1.2.3.256", "1.2.3.4.5", "fe80::1%eth0", "1::2::3"]) {
    assert.deepEqual(details(validateAddress(text, "ip")), [
      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
    ]);
  }
  for (const text of ["010.9.8.7", "10.09.8.007", "::ffff:01.2.3.4"]) {
    assert.deepEqual(details(validateAddress(text, "ip")), ["must not have leading 0s"]);
  }
  assert.deepEqual(details(validateAddress("::FFFF:102:304", "ip")), [
    "must not be an IPv4-mapped IPv6 address",
  ]);
});

test("an address is written in one way", () => {
  assert.deepEqual(details(validateCanonicalAddress("2001:db8:0:0:1:0:0:1", "ip")), [
    'must be in canonical form ("2001:db8::1:0:0:1")',
  ]);
  assert.deepEqual(addressWarnings("2001:0DB8::1", "ip"), [
    'ip: IPv6 address "2001:0DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
  ]);
  for (const text of ["1.2.3.4", "2001:db8::1", "::"]) {
    assert.deepEqual([...validateCanonicalAddress(text, "ip"), ...addressWarnings(text, "ip")], []);
  }
});

test("an endpoint is reached from elsewhere", () => {
  const told = (text: string) => details(validateReachable(text, "ip"))[0]?.split(" (")[0];
  assert.equal(told("0.0.0.0"), "may not be unspecified");
  assert.equal(told("0:0::0"), "may not be unspecified");
  assert.equal(told("::ffff:127.1.2.3"), "may not be in the loopback range");
  assert.equal(told("0::1"), "may not be in the loopback range");
  assert.equal(told("FEbf::1"), "may not be in the link-local range");
  assert.equal(told("ff12::1"), "may not be in the link-local multicast range");
  assert.equal(told("fec0::1"), undefined);
  assert.equal(told("224.0.1.1"), undefined);
});
