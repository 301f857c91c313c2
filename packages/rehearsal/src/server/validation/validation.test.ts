import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { configMap, deployment, refusal, startServer } from "../testing.ts";
import { scalingValidators } from "./autoscaler.ts";
import { podValidators } from "./pods/pod-template.ts";

const here = (name: string) => ({ namespace: "default", name });

/** Creates the object on a fresh server and expects the refusal. */
async function refuses(group: string, kind: string, fields: JsonObject, message: RegExp): Promise<void> {
  const { client } = await startServer();
  const type = builtin(group, kind);
  const object = {
    apiVersion: group ? `${group}/${type.version}` : type.version,
    kind,
    metadata: { name: "x", ...(type.namespaced ? { namespace: "default" } : {}) },
    ...fields,
  } as KubernetesObject;
  await assert.rejects(client.create(type, object), refusal(422, message));
}

const template = (spec: JsonObject, labels: JsonObject = { app: "x" }): JsonObject => ({
  selector: { matchLabels: { app: "x" } },
  template: { metadata: { labels }, spec },
});

test("a workload's template must be one that can run", async () => {
  const container = { name: "c", image: "i" };
  const refusesSpec = (spec: JsonObject, message: RegExp) =>
    refuses("apps", "Deployment", { spec: template(spec) }, message);
  await refusesSpec({ containers: [] }, /spec\.template\.spec\.containers: Required value/);
  await refusesSpec({ containers: [{ name: "c" }] }, /containers\[0\]\.image: Required value/);
  await refusesSpec({ containers: [container, container] }, /containers\[1\]\.name: Duplicate value: "c"/);
  await refusesSpec(
    { containers: [{ ...container, volumeMounts: [{ name: "v", mountPath: "/v" }] }] },
    /volumeMounts\[0\]\.name: Not found: "v"/,
  );
  await refusesSpec(
    { containers: [{ ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }] },
    /resources\.requests: Invalid value: "2": must be less than or equal to cpu limit of 1/,
  );
  await refusesSpec(
    { restartPolicy: "Never", containers: [container] },
    /spec\.template\.spec\.restartPolicy: Unsupported value: "Never": supported values: "Always"/,
  );
  await refuses(
    "apps",
    "Deployment",
    { spec: template({ containers: [container] }, { app: "y" }) },
    /`selector` does not match template `labels`/,
  );
  await refuses(
    "batch",
    "CronJob",
    {
      spec: {
        schedule: "* *",
        jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } },
      },
    },
    /spec\.schedule: Invalid value: "\* \*": expected exactly 5 fields, found 2/,
  );
});

test("every wrong field is a cause of its own", async () => {
  const { ask } = await startServer();
  const { body } = await ask("POST", "/api/v1/namespaces/default/services", {
    metadata: { name: "x", labels: { "bad key": "v" } },
    spec: { ports: [{ port: 0 }, { port: 70000 }] },
  });
  const details = body.details as { causes: { field: string; reason: string }[]; kind: string };
  assert.equal(details.kind, "Service");
  assert.deepEqual(
    details.causes.map(({ field }) => field),
    [
      "metadata.labels",
      "spec.ports[0].name",
      "spec.ports[0].port",
      "spec.ports[0].targetPort",
      "spec.ports[1].name",
      "spec.ports[1].port",
      "spec.ports[1].targetPort",
    ],
  );
  assert.match(String(body.message), /^Service "x" is invalid: \[metadata\.labels: Invalid value: "bad key"/);
});

test("other kinds have their own rules", async () => {
  await refuses(
    "rbac.authorization.k8s.io",
    "Role",
    { rules: [{ apiGroups: [""], resources: ["pods"], verbs: [] }] },
    /rules\[0\]\.verbs: Required value/,
  );
  await refuses("", "Secret", { type: "kubernetes.io/tls", data: {} }, /data\[tls\.crt\]: Required value/);
  await refuses("", "ConfigMap", { data: { "a b": "x" } }, /a valid config key must consist of/);
  await refuses(
    "",
    "PersistentVolumeClaim",
    { spec: { accessModes: ["ReadWriteOnce"] } },
    /spec\.resources\[storage\]: Required value/,
  );
  await refuses(
    "admissionregistration.k8s.io",
    "ValidatingWebhookConfiguration",
    {
      webhooks: [
        {
          name: "short",
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          clientConfig: { url: "https://x" },
        },
      ],
    },
    /should be a domain with at least three segments/,
  );
  await refuses(
    "autoscaling",
    "HorizontalPodAutoscaler",
    { spec: { minReplicas: 3, maxReplicas: 2, scaleTargetRef: { kind: "Deployment", name: "d" } } },
    /must be greater than or equal to `minReplicas`/,
  );
});

test("what is immutable stays as it is", async () => {
  const { client } = await startServer();
  const patch = (kind: string, group: string, name: string, change: JsonObject) =>
    client.patch(builtin(group, kind), here(name), { type: "merge", patch: change });

  await client.create(builtin("apps", "Deployment"), deployment("d"));
  await assert.rejects(
    patch("Deployment", "apps", "d", {
      spec: {
        selector: { matchLabels: { app: "other" } },
        template: { metadata: { labels: { app: "other" } } },
      },
    }),
    refusal(422, /spec\.selector: Invalid value: .*: field is immutable/),
  );
  await client.create(builtin("", "ConfigMap"), { ...configMap("frozen", { x: "1" }), immutable: true });
  await assert.rejects(
    patch("ConfigMap", "", "frozen", { data: { x: "2" } }),
    refusal(422, /data: Forbidden: field is immutable when `immutable` is set/),
  );
  await client.create(builtin("rbac.authorization.k8s.io", "RoleBinding"), {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: here("b"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
    subjects: [],
  });
  await assert.rejects(
    patch("RoleBinding", "rbac.authorization.k8s.io", "b", { roleRef: { name: "other" } }),
    refusal(422, /cannot change roleRef/),
  );
});

test("a job's template may be adapted while nothing runs", async () => {
  const { ask } = await startServer();
  const jobs = "/apis/batch/v1/namespaces/default/jobs";
  const json = { "content-type": "application/json" };
  const strategic = { "content-type": "application/strategic-merge-patch+json" };
  const merge = { "content-type": "application/merge-patch+json" };
  const pod = { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] };
  const job = { metadata: { name: "a" }, spec: { suspend: true, template: { spec: pod } } };
  await ask("POST", jobs, job, json);
  const patch = async (spec: JsonObject) =>
    (await ask("PATCH", `${jobs}/a`, { spec: { template: { spec } } }, strategic)).body;
  const resources = { requests: { cpu: "100m" } };
  const told = async (spec: JsonObject) =>
    /spec[.a-z]*(?=: Invalid value)/.exec(String((await patch(spec)).message))?.[0];
  assert.equal(await told({ nodeSelector: { a: "b" }, containers: [{ name: "a", resources }] }), undefined);
  assert.equal(await told({ containers: [{ name: "a", image: "b" }] }), "spec.template.spec");
  assert.equal(await told({ affinity: { podAffinity: {} } }), "spec.template.spec");
  await ask("PATCH", `${jobs}/a/status`, { status: { active: 1 } }, merge);
  assert.equal(await told({ nodeSelector: { a: "c" } }), "spec.template");
});

test("no pods at all need a metric of something else, and a kept target is not looked at again", async () => {
  const target = { kind: "Deployment", name: "a", apiVersion: "apps/v1" };
  await refuses(
    "autoscaling",
    "HorizontalPodAutoscaler",
    { spec: { minReplicas: 0, maxReplicas: 2, scaleTargetRef: target } },
    /spec\.metrics: Forbidden: must specify at least one Object or External metric/,
  );
  const source = { name: "nothing", container: "a", target: { type: "Utilization", averageUtilization: 1 } };
  await refuses(
    "autoscaling",
    "HorizontalPodAutoscaler",
    {
      spec: {
        maxReplicas: 2,
        scaleTargetRef: target,
        metrics: [
          { type: "Resource", resource: source },
          { type: "ContainerResource", containerResource: source },
        ],
      },
    },
    /is invalid: \[spec\.metrics\[1\]\.containerResource\.name: Invalid value: "nothing": must be a standard resource type/,
  );
  const validateScaler = scalingValidators["autoscaling/horizontalpodautoscalers"]?.validate;
  const scaler = (apiVersion: string) =>
    ({ spec: { maxReplicas: 2, scaleTargetRef: { ...target, apiVersion } } }) as unknown as KubernetesObject;
  assert.equal(validateScaler?.(scaler("v1"))?.length, 1);
  assert.deepEqual(validateScaler?.(scaler("v1"), scaler("v1")), []);
  assert.deepEqual(validateScaler?.(scaler("a/b/c"), scaler("a/b/c")), []);
  assert.equal(validateScaler?.(scaler("v1"), scaler("apps/v1"))?.length, 1);
});

test("what may change of a pod comes nearer, is added, or is lifted", () => {
  const pod = (spec: JsonObject) => ({ metadata: { name: "a" }, spec }) as unknown as KubernetesObject;
  const old = pod({
    activeDeadlineSeconds: 100,
    tolerations: [{ key: "a", operator: "Exists" }],
    schedulingGates: [{ name: "a" }],
  });
  const told = (spec: JsonObject) =>
    podValidators["/pods"]
      ?.validateUpdate?.(pod({ ...(old.spec as JsonObject), ...spec }), old, old)
      .map(({ field, message }) => `${field}: ${message}`);
  assert.deepEqual(told({ activeDeadlineSeconds: 50, schedulingGates: [] }), []);
  assert.deepEqual(told({ activeDeadlineSeconds: 101, tolerations: [] }), [
    "spec.activeDeadlineSeconds: Invalid value: 101: must be less than or equal to previous value",
  ]);
  const seconds = { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 };
  assert.deepEqual(told({ tolerations: [seconds] }), [
    "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
  ]);
  assert.deepEqual(told({ schedulingGates: [{ name: "b" }] }), [
    "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'",
  ]);
});

test("the labels by which a job finds its pods are shown as they are", async () => {
  const pod = { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] };
  const labels = { "job-name": "b", "controller-uid": "other" };
  await refuses(
    "batch",
    "Job",
    { spec: { template: { metadata: { labels }, spec: pod } } },
    /labels\[job-name\]: Invalid value: \{"batch.kubernetes.io\/controller-uid":"[-0-9a-f]+","batch.kubernetes.io\/job-name":"x","controller-uid":"other","job-name":"b"\}: must be 'x'/,
  );
});
