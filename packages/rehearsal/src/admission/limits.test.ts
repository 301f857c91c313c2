import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { limitRanger } from "./limit-ranger.ts";
import { objectsAt } from "./read-json.ts";
import { resourceQuota } from "./resource-quota.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";

function pod(name: string, resources: JsonObject, phase = "Running"): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "team" },
    spec: { containers: [{ name: "main", resources }] },
    status: { phase },
  };
}

function quota(hard: JsonObject): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "kf-resource-quota", namespace: "team" },
    spec: { hard },
    status: { hard },
  };
}

const asking = (cpu: string, memory = "1Gi") => ({ requests: { cpu, memory } });
const admit = (object: KubernetesObject, ...objects: KubernetesObject[]) =>
  resourceQuota.validate!(createTestAttributes(object), createTestReader(objects));

test("a pod within the quota is admitted, one beyond it refused with what is used", async () => {
  const hard = quota({ "requests.cpu": "2", "requests.memory": "4Gi" });
  const running = pod("a", asking("1500m"));
  const ended = pod("b", asking("1"), "Succeeded");
  await admit(pod("new", asking("500m")), hard, running, ended);
  await assert.rejects(admit(pod("new", asking("600m", "4Gi")), hard, running, ended), {
    code: 403,
    message:
      'pods "new" is forbidden: exceeded quota: kf-resource-quota, requested: requests.cpu=600m,requests.memory=4Gi, used: requests.cpu=1500m,requests.memory=1Gi, limited: requests.cpu=2,requests.memory=4Gi',
  });
});

test("where a quota counts cores, every container must say how many", async () => {
  await assert.rejects(admit(pod("new", {}), quota({ "requests.cpu": "2" })), {
    message: 'pods "new" is forbidden: failed quota: kf-resource-quota: must specify requests.cpu for: main',
  });
});

test("objects and storage are counted", async () => {
  const configMap = (name: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "team" },
  });
  await admit(configMap("b"), quota({ "count/configmaps": "2" }), configMap("a"));
  await assert.rejects(admit(configMap("b"), quota({ "count/configmaps": "1" }), configMap("a")), {
    message: /requested: count\/configmaps=1, used: count\/configmaps=1, limited: count\/configmaps=1$/,
  });
  const claim: KubernetesObject = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "team" },
    spec: { resources: { requests: { storage: "20Gi" } } },
  };
  await assert.rejects(admit(claim, quota({ "requests.storage": "10Gi" })), {
    message: /requested: requests.storage=20Gi, used: requests.storage=0, limited: requests.storage=10Gi$/,
  });
});

test("a limit range fills in what containers do not say and refuses what is out of bounds", async () => {
  const range: KubernetesObject = {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "r", namespace: "team" },
    spec: {
      limits: [
        { type: "Container", defaultRequest: { cpu: "100m" }, default: { cpu: "1" }, max: { cpu: "2" } },
      ],
    },
  };
  const reader = createTestReader([range]);
  const filled = await limitRanger.admit!(createTestAttributes(pod("new", {})), reader);
  assert.deepEqual(objectsAt(filled, "spec", "containers")[0]?.resources, {
    requests: { cpu: "100m" },
    limits: { cpu: "1" },
  });
  assert.equal(
    filled?.metadata.annotations?.["kubernetes.io/limit-ranger"],
    "LimitRanger plugin set: cpu request for container main; cpu limit for container main",
  );
  const greedy = createTestAttributes(pod("new", { limits: { cpu: "3" } }));
  await assert.rejects(limitRanger.validate!(greedy, reader), {
    message: 'pods "new" is forbidden: maximum cpu usage per Container is 2, but limit is 3',
  });
});

test("a quota that no controller has looked at yet limits nothing", async () => {
  const { status: _, ...fresh } = quota({ "count/configmaps": "0" });
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "team" } };
  await resourceQuota.validate?.(createTestAttributes(object), createTestReader([fresh as KubernetesObject]));
});
