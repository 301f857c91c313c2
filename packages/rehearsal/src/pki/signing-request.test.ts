import assert from "node:assert/strict";
import { test } from "node:test";
import { organizationsOf, signingRequestProblem } from "./signing-request.ts";

/** A key of Ed25519, `CN=a, O=b`. */
const request = `-----BEGIN CERTIFICATE REQUEST-----
MIGXMEsCAQAwGDEKMAgGA1UEAwwBYTEKMAgGA1UECgwBYjAqMAUGAytlcAMhANPW
XXlpMJnAJcgQ3EgnQY/75cuh9PSauPICQBZ4qg1uoAAwBQYDK2VwA0EAOR4WJy+L
yf43iWd4/2rr1vs+bRv/EnKTqTNuqmVf5YbY9DC8RwRkXTbFHmme1DgAn1cJXOTz
wSGOCg5HutGNAw==
-----END CERTIFICATE REQUEST-----
`;

function encode(der: Buffer, type = "CERTIFICATE REQUEST"): string {
  return `-----BEGIN ${type}-----\n${der.toString("base64")}\n-----END ${type}-----\n`;
}

const der = Buffer.from(request.replace(/-----[^-]+-----/g, ""), "base64");

/** The request with one byte of it changed. */
function changed(place: number, change: (byte: number) => number): string {
  const bytes = Buffer.from(der);
  bytes[place] = change(bytes[place] ?? 0);
  return encode(bytes);
}

test("a request reads wherever it stands in a text", () => {
  assert.equal(signingRequestProblem(request), undefined);
  assert.equal(signingRequestProblem(`hello\n${request.replaceAll("\n", "\r\n")}world`), undefined);
  assert.equal(signingRequestProblem(`-----BEGIN CERTIFICATE REQUEST-----\n${request}`), undefined);
  assert.equal(signingRequestProblem(encode(Buffer.of(1), "!").replace("AQ==", "*") + request), undefined);
  const other = "PEM block type must be CERTIFICATE REQUEST";
  assert.equal(signingRequestProblem(""), other);
  assert.equal(signingRequestProblem(`hello ${request}`), other);
  assert.equal(signingRequestProblem(encode(der, "CERTIFICATE")), other);
});

test("what is no request is refused in the words of Go", () => {
  const cases: readonly [Buffer, string][] = [
    [Buffer.alloc(0), "asn1: syntax error: sequence truncated"],
    [der.subarray(0, 60), "asn1: syntax error: data truncated"],
    [Buffer.concat([der, Buffer.of(5, 0)]), "asn1: syntax error: trailing data"],
    [Buffer.of(0x30, 0x80), "asn1: syntax error: indefinite length found (not DER)"],
    [
      Buffer.of(2, 1, 1),
      "asn1: structure error: tags don't match (16 vs {class:0 tag:2 length:1 isCompound:false}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} certificateRequest @2",
    ],
  ];
  for (const [bytes, expected] of cases) assert.equal(signingRequestProblem(encode(bytes)), expected);
});

test("a request is signed with its own key", () => {
  assert.equal(
    signingRequestProblem(changed(der.length - 1, (byte) => byte ^ 1)),
    "x509: Ed25519 verification failure",
  );
  const algorithm = der.lastIndexOf(Buffer.from("06032b6570", "hex"));
  assert.equal(
    signingRequestProblem(changed(algorithm + 4, (byte) => byte + 1)),
    "x509: cannot verify signature: algorithm unimplemented",
  );
});

test("the organizations of the subject", () => {
  assert.deepEqual(organizationsOf(request), ["b"]);
  assert.deepEqual(organizationsOf("hello"), []);
});
