import assert from "node:assert/strict";
import { test } from "node:test";
import { normalise } from "./normalise.ts";

test("ages and generated names go, what a table says besides stays", () => {
  const one = "NAME                   READY   AGE   NODE\nweb-6d4b75cb6d-x7k2p   1/1     5s    node-1\n";
  const other = "NAME                  READY   AGE     NODE\nweb-7f9cbd486-zq4vm   1/1     2m13s   node-3\n";
  assert.equal(normalise(one), normalise(other));
  assert.equal(normalise(one), "NAME  READY  AGE  NODE\nweb-<hash>-<random>  1/1  <age>  node-<n>\n");
  assert.notEqual(normalise(one), normalise(other.replace("1/1", "0/1")));
});

test("identifiers, versions, times and addresses go, other numbers stay", () => {
  const text = (uid: string, version: number, time: string, ip: string, port: number) =>
    `uid: ${uid}\nresourceVersion: "${version}"\ncreated: "${time}"\nip: ${ip}\nport: ${port}\n`;
  assert.equal(
    normalise(text("0b0f1a52-9c3e-4d11-8f27-0123456789ab", 77, "2026-01-01T00:00:00Z", "10.244.0.7", 8080)),
    'uid: <uid>\nresourceVersion: "<version>"\ncreated: "<time>"\nip: <ip>\nport: 8080\n',
  );
});

test("events of one second are told in one order", () => {
  const head = "Events:\n  Type    Reason  Age  From  Message\n  ----    ------  ---  ----  -------\n";
  const [a, b] = ["  Normal  Pulled  1s   kubelet  a\n", "  Normal  Pulled  2s   kubelet  b\n"];
  assert.equal(normalise(`${head}${a}${b}`), normalise(`${head}${b}${a}`));
  assert.notEqual(normalise(`${head}${a}${b}`), normalise(`${head}${a}`));
});
