import assert from "node:assert/strict";
import { test } from "node:test";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { validateServiceIps, validateServiceIpsUpdate } from "./service-ips.ts";

function service(spec: JsonObject): KubernetesObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { type: "ClusterIP", ...spec } };
}

const told = (errors: readonly FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);
const wrong = (spec: JsonObject) => told(validateServiceIps(service(spec)));
const changes = (now: JsonObject, old: JsonObject) =>
  told(validateServiceIpsUpdate(service(now), service(old)));

test("a Service's first address is its address, and each of the others of another family", () => {
  assert.deepEqual(
    wrong({ clusterIP: "1.1.1.1", clusterIPs: ["1.1.1.1", "::1"], ipFamilies: ["IPv4", "IPv6"] }),
    [],
  );
  assert.deepEqual(wrong({ clusterIP: "None", clusterIPs: ["None"], ipFamilies: ["IPv6"] }), []);
  assert.deepEqual(wrong({ clusterIP: "1.1.1.1" }), ["spec.clusterIPs: Required value"]);
  assert.deepEqual(wrong({ clusterIPs: ["1.1.1.1"] }), [
    'spec.clusterIPs: Invalid value: ["1.1.1.1"]: must be empty when `clusterIP` is not specified',
  ]);
  assert.deepEqual(wrong({ clusterIP: "1.1.1.1", clusterIPs: ["1.1.1.2", "1.1.1.3"] }), [
    'spec.clusterIPs: Invalid value: ["1.1.1.2","1.1.1.3"]: first value must match `clusterIP`',
    'spec.clusterIPs: Invalid value: ["1.1.1.2","1.1.1.3"]: may specify no more than one IP for each IP family',
  ]);
  assert.deepEqual(wrong({ clusterIP: "None", clusterIPs: ["None", "x"] }), [
    'spec.clusterIPs: Invalid value: ["None","x"]: \'None\' must be the first and only value',
    'spec.clusterIPs[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
  assert.deepEqual(
    wrong({
      clusterIP: "::1",
      clusterIPs: ["::1"],
      ipFamilies: ["IPv4", "IPv4", "IPv5"],
      ipFamilyPolicy: "Any",
    }),
    [
      'spec.ipFamilies[1]: Duplicate value: "IPv4"',
      'spec.ipFamilies[2]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"',
      'spec.ipFamilyPolicy: Unsupported value: "Any": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"',
      'spec.clusterIPs[0]: Invalid value: "::1": expected an IPv4 value as indicated by `ipFamilies[0]`',
    ],
  );
});

test("addresses stay, and a second one goes with the policy", () => {
  const dual = { clusterIPs: ["1.1.1.1", "::1"], ipFamilies: ["IPv4", "IPv6"] };
  const single = { clusterIPs: ["1.1.1.1"], ipFamilies: ["IPv4"] };
  assert.deepEqual(changes(dual, single), []);
  assert.deepEqual(changes({ ...single, ipFamilyPolicy: "SingleStack" }, dual), []);
  assert.deepEqual(changes({ ...single, ipFamilyPolicy: "RequireDualStack" }, dual), [
    "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be set to 'SingleStack' when releasing the secondary clusterIP",
    "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be set to 'SingleStack' when releasing the secondary ipFamily",
  ]);
  assert.deepEqual(changes({ clusterIPs: ["None"], ipFamilies: ["IPv6"] }, single), [
    'spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
  ]);
  assert.deepEqual(changes({ clusterIPs: [], ipFamilies: [] }, single), [
    "spec.clusterIPs[0]: Invalid value: []: primary clusterIP can not be unset",
    "spec.ipFamilies[0]: Invalid value: []: primary ipFamily can not be unset",
  ]);
  assert.deepEqual(changes({ type: "ExternalName" }, single), []);
});
