import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { validatePodSpec } from "./pod-spec.ts";

const container = { name: "a", image: "a", terminationMessagePolicy: "File", imagePullPolicy: "Always" };

const told = (spec: JsonObject) =>
  validatePodSpec(
    { containers: [container], restartPolicy: "Always", dnsPolicy: "ClusterFirst", ...spec },
    "spec",
  ).map(({ field, message }) => `${field.replace("spec.", "")}: ${message.slice(0, 90)}`);

test("nodes are chosen by labels, operators and fields that there are", () => {
  const terms = (...nodeSelectorTerms: JsonObject[]) =>
    told({
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    }).map((text) => text.replace(/^.*nodeSelectorTerms/, ""));
  assert.deepEqual(terms({ matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] }), []);
  assert.deepEqual(terms(), [": Required value: must have at least one node selector term"]);
  assert.deepEqual(
    terms({
      matchExpressions: [
        { key: "a", operator: "In" },
        { key: "a", operator: "Exists", values: ["b"] },
        { key: "a", operator: "Gt", values: [] },
        { key: "a", operator: "Like" },
      ],
      matchFields: [
        { operator: "In", values: ["a"] },
        { key: "metadata.name", operator: "Exists" },
      ],
    }),
    [
      "[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      "[0].matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      "[0].matchExpressions[2].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
      '[0].matchExpressions[3].operator: Invalid value: "Like": not a valid selector operator',
      '[0].matchFields[0].key: Invalid value: "": not a valid field selector key',
      '[0].matchFields[1].operator: Invalid value: "Exists": not a valid selector operator',
    ],
  );
});

test("pods are spread in one way at a time", () => {
  const constraint = { maxSkew: 1, topologyKey: "a", whenUnsatisfiable: "ScheduleAnyway" };
  assert.deepEqual(
    told({
      topologySpreadConstraints: [{ ...constraint, minDomains: 0, nodeTaintsPolicy: "Maybe" }, constraint],
    }),
    [
      'topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{a, ScheduleAnyway}"',
      "topologySpreadConstraints[0].minDomains: Invalid value: 0: must be greater than zero",
      "topologySpreadConstraints[0].minDomains: Invalid value: 0: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Schedule",
      'topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "Maybe": supported values: "Honor", "Ignore"',
    ],
  );
});

test("names are looked up at addresses, in domains", () => {
  assert.deepEqual(told({ dnsPolicy: "None" }), [
    "dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
  ]);
  assert.deepEqual(told({ dnsPolicy: "None", dnsConfig: {} }), [
    "dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
  ]);
  const dnsConfig = { nameservers: ["a"], searches: ["a_b.", ".", "A"], options: [{ value: "1" }] };
  assert.deepEqual(told({ dnsConfig, hostAliases: [{ ip: "b", hostnames: ["c"] }] }), [
    'dnsConfig.nameservers[0]: Invalid value: "a": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    'dnsConfig.searches[2]: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric',
    "dnsConfig.options[0]: Required value: must not be empty",
    'hostAliases[0].ip: Invalid value: "b": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
  ]);
});

test("gates have names of their own, and the system is one of two", () => {
  assert.deepEqual(
    told({
      readinessGates: [{ conditionType: "" }],
      schedulingGates: [{ name: "a" }, { name: "a" }],
      os: { name: "plan9" },
    }),
    [
      'readinessGates[0].conditionType: Invalid value: "": name part must be non-empty',
      "readinessGates[0].conditionType: Invalid value: \"\": name part must consist of alphanumeric characters, '-', '_' or '.', and",
      'schedulingGates[1]: Duplicate value: "a"',
      'os: Unsupported value: "plan9": supported values: "linux", "windows"',
    ],
  );
  assert.deepEqual(told({ os: {} }), ["os.name: Required value"]);
});

test("what is asked for is whole, not more than the limit, and the same where it cannot be shared", () => {
  const resources = (limits: JsonObject, requests: JsonObject = {}) =>
    told({ containers: [{ ...container, resources: { limits, requests } }] }).map((text) =>
      text.replace("containers[0].resources", ""),
    );
  assert.deepEqual(
    resources({ cpu: "1", "example.com/gpu": "2" }, { cpu: "500m", "example.com/gpu": "2" }),
    [],
  );
  assert.deepEqual(resources({ cpu: "1", "example.com/gpu": "2" }, { cpu: "2", "example.com/gpu": "1" }), [
    '.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    '.requests: Invalid value: "1": must be equal to example.com/gpu limit of 2',
  ]);
  assert.deepEqual(resources({}, { "example.com/gpu": "100m" }), [
    '.requests[example.com/gpu]: Invalid value: "100m": must be an integer',
    ".limits: Required value: Limit must be set for non overcommitable resources",
  ]);
  assert.deepEqual(resources({ "hugepages-2Mi": "3Mi" }), [
    '.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    ": Forbidden: HugePages require cpu or memory",
  ]);
});

test("a toleration's value belongs to its operator", () => {
  const tolerations = (...list: JsonObject[]) =>
    told({ tolerations: list }).map((text) => text.replace("tolerations", ""));
  assert.deepEqual(tolerations({ key: "a", value: "b" }, { operator: "Exists" }), []);
  assert.deepEqual(
    tolerations(
      { key: "a", value: "b c" },
      { operator: "Exists", value: "x" },
      { key: "a", operator: "Gt", value: "1" },
      { key: "a", operator: "Like" },
    ),
    [
      '[0].operator: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric cha',
      "[1].operator: Invalid value: \"x\": value must be empty when `operator` is 'Exists'",
      '[2].operator: Unsupported value: "Gt": supported values: "Equal", "Exists", "Lt", "Gt"',
      '[3].operator: Unsupported value: "Like": supported values: "Equal", "Exists"',
    ],
  );
});
