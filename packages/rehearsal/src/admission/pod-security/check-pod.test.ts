import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { checkPod, describeViolations } from "./check-pod.ts";
import { policyOf } from "./policy.ts";

const reasons = (level: "baseline" | "restricted", version: number | "latest", template: JsonObject) =>
  checkPod({ level, version }, template).map(({ reason }) => reason);

const sysctl = { spec: { securityContext: { sysctls: [{ name: "net.ipv4.tcp_rmem", value: "1" }] } } };

test("a check holds from the version that brought it, in the form that the version has", () => {
  assert.deepEqual(reasons("baseline", 31, sysctl), ["forbidden sysctls"]);
  assert.deepEqual(reasons("baseline", 32, sysctl), []);
  assert.deepEqual(reasons("baseline", 99, sysctl), []);
  const host = { spec: { containers: [{ name: "a", livenessProbe: { httpGet: { host: "h" } } }] } };
  assert.deepEqual(reasons("baseline", 33, host), []);
  assert.deepEqual(reasons("baseline", "latest", host), ["probe or lifecycle host"]);
  const unconfined = {
    metadata: { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } },
  };
  assert.deepEqual(reasons("baseline", 18, unconfined), ["seccompProfile"]);
  assert.deepEqual(reasons("baseline", 19, unconfined), []);
});

test("a restricted check takes the place of the baseline's only where it holds", () => {
  const adds = {
    spec: { containers: [{ name: "a", securityContext: { capabilities: { add: ["SYS_ADMIN"] } } }] },
  };
  assert.ok(reasons("restricted", 21, adds).includes("non-default capabilities"));
  assert.ok(!reasons("restricted", 21, adds).includes("unrestricted capabilities"));
  assert.ok(reasons("restricted", 22, adds).includes("unrestricted capabilities"));
  assert.ok(!reasons("restricted", 22, adds).includes("non-default capabilities"));
});

test("pods of Windows and pods with users of their own are exempt from what does not concern them", () => {
  const containers = [{ name: "a" }];
  const windows = { spec: { os: { name: "windows" }, containers } };
  assert.deepEqual(reasons("restricted", "latest", windows), ["runAsNonRoot != true"]);
  assert.equal(reasons("restricted", 24, windows).length, 4);
  const own = { spec: { hostUsers: false, containers: [{ name: "a", securityContext: { runAsUser: 0 } }] } };
  assert.ok(!reasons("restricted", "latest", own).includes("runAsUser=0"));
  assert.ok(reasons("restricted", 34, own).includes("runAsUser=0"));
});

test("types, users and roles of SELinux are named once", () => {
  const options = (seLinuxOptions: JsonObject) => ({ securityContext: { seLinuxOptions } });
  const template = {
    spec: {
      ...options({ type: "spc_t", user: "u" }),
      containers: [
        { name: "a", ...options({ type: "spc_t" }) },
        { name: "b", ...options({ type: "x_t" }) },
        { name: "c", ...options({ type: "container_engine_t" }) },
      ],
    },
  };
  assert.equal(
    describeViolations(checkPod({ level: "baseline", version: "latest" }, template)),
    'seLinuxOptions (pod and containers "a", "b" set forbidden securityContext.seLinuxOptions: types "spc_t", "x_t"; user may not be set)',
  );
  const old = describeViolations(checkPod({ level: "baseline", version: 30 }, template));
  assert.match(old, /containers "a", "b", "c" set/);
});

test("a policy is what the labels say; what can't be read is strict where it is enforced", () => {
  const policy = (labels: Record<string, string>) =>
    policyOf({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: "team",
        labels: Object.fromEntries(
          Object.entries(labels).map(([mode, text]) => [`pod-security.kubernetes.io/${mode}`, text]),
        ),
      },
    });
  const { enforce, warn, errors } = policy({ enforce: "baseline", "enforce-version": "v1.25" });
  assert.deepEqual(enforce, { level: "baseline", version: 25 });
  assert.deepEqual(warn, enforce);
  assert.deepEqual(errors, []);
  assert.deepEqual(policy({ enforce: "baseline", warn: "privileged" }).warn.level, "privileged");
  assert.deepEqual(policy({ "warn-version": "v1.30", enforce: "restricted" }).warn, {
    level: "restricted",
    version: 30,
  });
  const bad = policy({ enforce: "severe", warn: "x", "audit-version": "1.2" });
  assert.deepEqual([bad.enforce.level, bad.warn.level], ["restricted", "privileged"]);
  assert.equal(bad.errors.length, 3);
});
