import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { createRandom } from "../clock/random.ts";
import { createVirtualClock } from "../clock/virtual-clock.ts";
import { defaultIngressClass } from "./ingress-class.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";
import { defaultTolerationSeconds, priority } from "./pod-defaults.ts";
import { podSecurity } from "./pod-security/pod-security.ts";
import { objectsAt, valueAt } from "./read-json.ts";
import { runtimeClass } from "./runtime-class.ts";
import { serviceAccountPlugin } from "./service-account.ts";
import { claimResize, defaultStorageClass, storageObjectInUseProtection } from "./storage.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";

const clock = createVirtualClock();
const serviceAccount = serviceAccountPlugin({ clock, random: createRandom(1) });

function namespace(name: string, more: JsonObject = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, ...more } };
}

function pod(spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", namespace: "team" },
    spec: { containers: [{ name: "main", image: "i" }], ...spec },
  };
}

function account(name: string, more: JsonObject = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "team" }, ...more };
}

const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c", namespace: "team" },
};

test("content of a namespace that is not there is refused as the real server does", async () => {
  await assert.rejects(namespaceLifecycle.admit!(createTestAttributes(configMap), createTestReader([])), {
    code: 404,
    reason: "NotFound",
    message: 'namespaces "team" not found',
  });
});

test("new content in a namespace under deletion is refused, changes and deletions are not", async () => {
  const reader = createTestReader([namespace("team", { deletionTimestamp: "2026-01-01T00:00:00Z" })]);
  await assert.rejects(namespaceLifecycle.admit!(createTestAttributes(configMap), reader), {
    code: 403,
    message:
      'configmaps "c" is forbidden: unable to create new content in namespace team because it is being terminated',
  });
  await namespaceLifecycle.admit!(createTestAttributes(configMap, { operation: "UPDATE" }), reader);
  await namespaceLifecycle.admit!(createTestAttributes(configMap, { operation: "DELETE" }), reader);
});

test("namespaces that the cluster lives in may not be deleted", async () => {
  const attributes = createTestAttributes(namespace("kube-system"), { operation: "DELETE" });
  await assert.rejects(namespaceLifecycle.admit!(attributes, createTestReader([])), {
    message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
  });
});

test("a pod needs its service account", async () => {
  const attributes = createTestAttributes(pod({ serviceAccountName: "builder" }));
  await assert.rejects(serviceAccount.admit!(attributes, createTestReader([account("default")])), {
    code: 403,
    message:
      'pods "p" is forbidden: error looking up service account team/builder: serviceaccount "builder" not found',
  });
});

test("the default account is waited for a moment, as its controller is on its way", async () => {
  const reader = createTestReader([]);
  clock.schedule(500, () => reader.objects.push(account("default")));
  const admitted = await serviceAccount.admit!(createTestAttributes(pod()), reader);
  assert.equal(valueAt(admitted, "spec", "serviceAccountName"), "default");
  await assert.rejects(serviceAccount.admit!(createTestAttributes(pod()), createTestReader([])), {
    message: /serviceaccount "default" not found/,
  });
});

test("a pod gets the default account, its pull secrets and the token volume in every container", async () => {
  const reader = createTestReader([account("default", { imagePullSecrets: [{ name: "registry" }] })]);
  const given = pod({ initContainers: [{ name: "init", image: "i" }] });
  const admitted = await serviceAccount.admit!(createTestAttributes(given), reader);
  const spec = admitted?.spec as JsonObject;
  assert.equal(spec.serviceAccountName, "default");
  assert.equal(spec.serviceAccount, "default");
  assert.deepEqual(spec.imagePullSecrets, [{ name: "registry" }]);
  const [volume] = objectsAt(spec, "volumes");
  assert.match(String(volume?.name), /^kube-api-access-[a-z0-9]{5}$/);
  assert.equal(objectsAt(volume, "projected", "sources").length, 3);
  for (const list of ["containers", "initContainers"]) {
    const [container] = objectsAt(spec, list);
    assert.deepEqual(objectsAt(container, "volumeMounts"), [
      {
        name: volume?.name,
        readOnly: true,
        mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
      },
    ]);
  }
  const again = await serviceAccount.admit!(createTestAttributes(admitted!), reader);
  assert.deepEqual(again, admitted, "once is enough");
});

test("neither the account's nor the pod's refusal of a token is overruled", async () => {
  const reader = createTestReader([account("default", { automountServiceAccountToken: false })]);
  const admitted = await serviceAccount.admit!(createTestAttributes(pod()), reader);
  assert.equal(valueAt(admitted, "spec", "volumes"), undefined);
  const asked = pod({ automountServiceAccountToken: true });
  const mounted = await serviceAccount.admit!(createTestAttributes(asked), reader);
  assert.equal(objectsAt(mounted, "spec", "volumes").length, 1);
});

test("there is one default priority class", async () => {
  const named = (name: string, globalDefault = true): KubernetesObject => ({
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name },
    value: 1,
    globalDefault,
  });
  const reader = createTestReader([named("first")]);
  const message =
    'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass first is already marked as default. Only one default can exist';
  const check = (object: KubernetesObject, operation: "CREATE" | "UPDATE" = "CREATE") =>
    priority.validate!(createTestAttributes(object, { operation }), reader);
  await assert.rejects(check(named("second")), { code: 403, message });
  await assert.rejects(check(named("second"), "UPDATE"), { code: 403, message });
  await assert.rejects(check(named("first")), { code: 403 });
  await check(named("first"), "UPDATE");
  await check(named("second", false));
});

test("priority and tolerations are filled in as on a real server", async () => {
  const reader = createTestReader([
    {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name: "high" },
      value: 1000,
      preemptionPolicy: "Never",
    },
  ]);
  const plain = await priority.admit!(createTestAttributes(pod()), reader);
  assert.equal(valueAt(plain, "spec", "priority"), 0);
  assert.equal(valueAt(plain, "spec", "preemptionPolicy"), "PreemptLowerPriority");
  const high = await priority.admit!(createTestAttributes(pod({ priorityClassName: "high" })), reader);
  assert.equal(valueAt(high, "spec", "priority"), 1000);
  assert.equal(valueAt(high, "spec", "preemptionPolicy"), "Never");
  await assert.rejects(priority.admit!(createTestAttributes(pod({ priorityClassName: "none" })), reader), {
    message: 'pods "p" is forbidden: no PriorityClass with name none was found',
  });
  const tolerating = pod({ tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }] });
  const admitted = await defaultTolerationSeconds.admit!(createTestAttributes(tolerating), reader);
  assert.deepEqual(
    objectsAt(admitted, "spec", "tolerations").map(({ key }) => key),
    ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"],
  );
  const update = { ...createTestAttributes(pod()), operation: "UPDATE" as const };
  const updated = await defaultTolerationSeconds.admit!(update, reader);
  assert.equal(objectsAt(updated, "spec", "tolerations").length, 2);
  const status = await defaultTolerationSeconds.admit!({ ...update, subresource: "status" }, reader);
  assert.equal(status, undefined);
});

test("a claim gets the default class unless it names one or none, and the finalizer", async () => {
  const storageClass = (name: string, isDefault: boolean): KubernetesObject => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
  });
  const reader = createTestReader([storageClass("slow", false), storageClass("standard", true)]);
  const claim = (spec: JsonObject): KubernetesObject => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "team" },
    spec,
  });
  const admitted = await defaultStorageClass.admit!(createTestAttributes(claim({})), reader);
  assert.equal(valueAt(admitted, "spec", "storageClassName"), "standard");
  const none = createTestAttributes(claim({ storageClassName: "" }));
  assert.equal(await defaultStorageClass.admit!(none, reader), undefined);
  const protectedClaim = await storageObjectInUseProtection.admit!(none, reader);
  assert.deepEqual(protectedClaim?.metadata.finalizers, ["kubernetes.io/pvc-protection"]);
});

test("a bound claim grows only where its class lets it", async () => {
  const storageClass = (name: string, allowVolumeExpansion: boolean): KubernetesObject => ({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    allowVolumeExpansion,
  });
  const claim = (storage: string, storageClassName: string, phase: string): KubernetesObject => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "data", namespace: "team" },
    spec: { storageClassName, resources: { requests: { storage } } },
    status: { phase },
  });
  const reader = createTestReader([storageClass("fixed", false), storageClass("growing", true)]);
  const grow = (name: string, storage = "2Gi", phase = "Bound") =>
    claimResize.validate!(
      createTestAttributes(claim(storage, name, phase), {
        operation: "UPDATE",
        oldObject: claim("1Gi", name, phase),
      }),
      reader,
    );
  await grow("growing");
  await grow("fixed", "1Gi");
  await assert.rejects(grow("growing", "2Gi", "Pending"), { message: /Only bound persistent volume claims/ });
  for (const name of ["fixed", "none", ""]) await assert.rejects(grow(name), { code: 403 });
});

test("an Ingress without a class gets the newest default one", async () => {
  const ingressClass = (name: string, created: string, isDefault: string): KubernetesObject => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: {
      name,
      creationTimestamp: created,
      annotations: { "ingressclass.kubernetes.io/is-default-class": isDefault },
    },
  });
  const reader = createTestReader([
    ingressClass("old", "2026-01-01T00:00:00Z", "true"),
    ingressClass("new", "2026-01-02T00:00:00Z", "true"),
    ingressClass("other", "2026-01-03T00:00:00Z", "false"),
  ]);
  const ingress = (spec: JsonObject, annotations: Record<string, string> = {}) =>
    createTestAttributes({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "i", namespace: "team", annotations },
      spec,
    });
  const admitted = await defaultIngressClass.admit!(ingress({}), reader);
  assert.equal(valueAt(admitted, "spec", "ingressClassName"), "new");
  assert.equal(await defaultIngressClass.admit!(ingress({ ingressClassName: "old" }), reader), undefined);
  const annotated = ingress({}, { "kubernetes.io/ingress.class": "old" });
  assert.equal(await defaultIngressClass.admit!(annotated, reader), undefined);
});

test("of a pod's tolerations and those of its runtime class the wider one stays", async () => {
  const wide = { key: "a", operator: "Exists" };
  const narrow = { key: "a", operator: "Equal", value: "b", effect: "NoSchedule" };
  const other = { key: "c", operator: "Equal", value: "d" };
  const reader = createTestReader([
    {
      apiVersion: "node.k8s.io/v1",
      kind: "RuntimeClass",
      metadata: { name: "sandbox" },
      scheduling: { tolerations: [wide, other] },
    },
  ]);
  const attributes = createTestAttributes(pod({ runtimeClassName: "sandbox", tolerations: [narrow, other] }));
  const admitted = await runtimeClass.admit!(attributes, reader);
  assert.deepEqual(valueAt(admitted, "spec", "tolerations"), [other, wide]);
});

const enforcing = (level: string) =>
  createTestReader([namespace("team", { labels: { "pod-security.kubernetes.io/enforce": level } })]);

test("a restricted namespace refuses an ordinary pod with the real text", async () => {
  await assert.rejects(podSecurity.validate!(createTestAttributes(pod()), enforcing("restricted")), {
    code: 403,
    message:
      'pods "p" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  });
  await podSecurity.validate!(createTestAttributes(pod()), enforcing("baseline"));
});

test("a baseline namespace refuses what reaches for the node", async () => {
  const bad = pod({
    hostNetwork: true,
    volumes: [{ name: "host", hostPath: { path: "/" } }],
    containers: [
      { name: "a", image: "i", securityContext: { privileged: true }, ports: [{ hostPort: 80 }] },
      { name: "b", image: "i", securityContext: { capabilities: { add: ["NET_ADMIN", "CHOWN"] } } },
    ],
  });
  await assert.rejects(podSecurity.validate!(createTestAttributes(bad), enforcing("baseline")), {
    message:
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities (container "b" must not include "NET_ADMIN" in securityContext.capabilities.add), host namespaces (hostNetwork=true), hostPath volumes (volume "host"), hostPort (container "a" uses hostPort 80), privileged (container "a" must not set securityContext.privileged=true)',
  });
});

test("a pod that meets the restricted standard is admitted, and templates are only warned of", async () => {
  const good = pod({
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "main",
        image: "i",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  });
  const reader = enforcing("restricted");
  await podSecurity.validate!(createTestAttributes(good), reader);
  assert.deepEqual(reader.warnings, []);
  const deployment: KubernetesObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", namespace: "team" },
    spec: { template: { metadata: {}, spec: { containers: [{ name: "main", image: "i" }] } } },
  };
  await podSecurity.validate!(createTestAttributes(deployment), reader);
  assert.match(
    reader.warnings.join(),
    /^would violate PodSecurity "restricted:latest": allowPrivilegeEscalation/,
  );
});
