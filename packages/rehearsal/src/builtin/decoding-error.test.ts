import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { conversionError } from "./conversion-error.ts";
import { decodingError } from "./decoding-error.ts";
import { builtinSchema } from "./schemas.ts";

function told(tell: typeof decodingError, kind: string, body: JsonObject): string | undefined {
  const [group = "", version = "", name = ""] = kind.split("/");
  const schema = builtinSchema(group, version, name);
  return schema && tell({ apiVersion: "v1", kind: name, metadata: {}, ...body }, schema);
}

test("a JSON decoder names the field with what it is embedded in, and Go's type", () => {
  const cases: [string, JsonObject, string][] = [
    [
      "/v1/PersistentVolume",
      { spec: { hostPath: { path: 1 } } },
      "number into Go struct field HostPathVolumeSource.spec.PersistentVolumeSource.hostPath.path of type string",
    ],
    [
      "/v1/PersistentVolumeClaim",
      { spec: { accessModes: {} } },
      "object into Go struct field PersistentVolumeClaimSpec.spec.accessModes of type []v1.PersistentVolumeAccessMode",
    ],
    [
      "/v1/ResourceQuota",
      { spec: { hard: true } },
      "bool into Go struct field ResourceQuotaSpec.spec.hard of type v1.ResourceList",
    ],
    ["/v1/ConfigMap", { data: { a: 1 } }, "number into Go struct field ConfigMap.data of type string"],
    [
      "policy/v1/PodDisruptionBudget",
      { spec: { minAvailable: 1.5 } },
      "number 1.5 into Go struct field PodDisruptionBudgetSpec.spec.minAvailable of type int32",
    ],
    ["/v1/Secret", { type: 5 }, "number into Go struct field Secret.type of type v1.SecretType"],
  ];
  for (const [kind, body, text] of cases) {
    assert.equal(told(decodingError, kind, body), `json: cannot unmarshal ${text}`);
  }
});

test("a JSON decoder tells what a type refuses itself, and otherwise its first error", () => {
  const spec = { holderIdentity: [], acquireTime: "web" };
  assert.equal(
    told(decodingError, "coordination.k8s.io/v1/Lease", { spec }),
    'parsing time "web" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "web" as "2006"',
  );
  assert.match(
    String(told(decodingError, "/v1/Secret", { type: 1, immutable: "x" })),
    /^json: cannot unmarshal number into Go struct field Secret\.type /,
  );
  const requests = (storage: string) => ({ spec: { resources: { requests: { storage } } } });
  assert.match(
    String(told(decodingError, "/v1/PersistentVolumeClaim", requests("web"))),
    /regular expression/,
  );
  assert.equal(
    told(decodingError, "/v1/PersistentVolumeClaim", requests("1MM")),
    "unable to parse quantity's suffix",
  );
  assert.equal(told(decodingError, "/v1/PersistentVolumeClaim", requests("1Gi")), undefined);
});

test("the converter of unstructured objects goes by Go's fields and kinds", () => {
  const cases: [string, JsonObject, string | undefined][] = [
    [
      "networking.k8s.io/v1/NetworkPolicy",
      { spec: { podSelector: "a" } },
      "cannot restore struct from: string",
    ],
    ["policy/v1/PodDisruptionBudget", { spec: 5 }, "cannot restore struct from: int64"],
    ["rbac.authorization.k8s.io/v1/Role", { rules: [{ verbs: [{}] }] }, "unrecognized type: string"],
    ["rbac.authorization.k8s.io/v1/Role", { rules: "a" }, "cannot restore slice from string"],
    ["/v1/ConfigMap", { data: { a: 1 } }, "cannot convert int64 to string"],
    ["/v1/ConfigMap", { data: { a: 1.5 } }, "unrecognized type: string"],
    ["apps/v1/Deployment", { spec: { replicas: 1.5 } }, "cannot convert float64 to int32"],
    ["apps/v1/Deployment", { spec: { replicas: 4_294_967_296 } }, undefined],
    ["apps/v1/Deployment", { spec: { paused: "no", replicas: "3" } }, "unrecognized type: int32"],
  ];
  for (const [kind, body, text] of cases) assert.equal(told(conversionError, kind, body), text, kind);
});
