import assert from "node:assert/strict";
import { test } from "node:test";
import { at, conditionText, deployment, podTemplate, startTestCluster } from "../test-cluster.ts";
import { aggregateRules } from "./role-aggregation.ts";

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

test("a fresh cluster has nodes, a default StorageClass, priority classes and the default roles", async (t) => {
  const { list, read } = await startTestCluster(t);
  const nodes = await list("Node");
  assert.deepEqual(
    nodes.map((node) => conditionText(node, "Ready")),
    Array(3).fill("True: KubeletReady"),
  );
  assert.ok(nodes.every((node) => node.metadata.labels?.["kubernetes.io/os"] === "linux"));
  assert.ok(nodes.every((node) => at(node, "spec", "taints") === undefined));
  const [standard] = await list("StorageClass");
  assert.equal(standard?.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"], "true");
  assert.equal(at(await read("Service", "default/kubernetes"), "spec", "clusterIP"), "10.96.0.1");
  const roles = (await list("ClusterRole")).map(({ metadata }) => metadata.name);
  for (const name of ["admin", "cluster-admin", "edit", "view"]) assert.ok(roles.includes(name), name);
});

test("every namespace gets its ServiceAccount and the root CA, and gets them back", async (t) => {
  const { clock, create, read, find, remove, merge } = await startTestCluster(t);
  await create(namespace("team"));
  await clock.sleep(1_000);
  assert.ok(await find("ServiceAccount", "team/default"));
  const published = at(await read("ConfigMap", "team/kube-root-ca.crt"), "data", "ca.crt");
  assert.match(String(published), /^-----BEGIN CERTIFICATE-----/);
  await remove("ServiceAccount", "team/default");
  await merge("ConfigMap", "team/kube-root-ca.crt", { data: { "ca.crt": "changed" } });
  await clock.sleep(1_000);
  assert.ok(await find("ServiceAccount", "team/default"));
  assert.equal(at(await read("ConfigMap", "team/kube-root-ca.crt"), "data", "ca.crt"), published);
});

test("a deleted namespace goes with all that is in it", async (t) => {
  const { clock, create, read, find, list, remove } = await startTestCluster(t);
  const web = deployment("web");
  web.metadata.namespace = "team";
  await create(namespace("team"), web);
  await clock.sleep(30_000);
  assert.equal((await list("Pod", "team")).length, 1);
  await remove("Namespace", "team");
  await clock.sleep(5_100);
  const going = await read("Namespace", "team");
  assert.equal(at(going, "status", "phase"), "Terminating");
  assert.equal(conditionText(going, "NamespaceContentRemaining"), "True: SomeResourcesRemain");
  await clock.sleep(60_000);
  assert.equal(await find("Namespace", "team"), undefined);
  for (const kind of ["Pod", "ReplicaSet", "Deployment", "ConfigMap", "ServiceAccount", "Event"]) {
    assert.deepEqual(await list(kind, "team"), [], kind);
  }
});

test("a namespace that a finalizer holds says which, and goes when it is released", async (t) => {
  const { clock, create, read, find, remove, merge } = await startTestCluster(t);
  const metadata = { name: "held", namespace: "team", finalizers: ["example.com/hold"] };
  await create(namespace("team"), { apiVersion: "v1", kind: "ConfigMap", metadata });
  await clock.sleep(1_000);
  await remove("Namespace", "team");
  await clock.sleep(60_000);
  const conditions = at(await read("Namespace", "team"), "status", "conditions") as { message: string }[];
  const messages = conditions.map(({ message }) => message);
  assert.ok(
    messages.includes("Some resources are remaining: configmaps. has 1 resource instances"),
    messages.join("\n"),
  );
  assert.ok(
    messages.includes(
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    ),
    messages.join("\n"),
  );
  await merge("ConfigMap", "team/held", { metadata: { finalizers: null } });
  await clock.sleep(60_000);
  assert.equal(await find("Namespace", "team"), undefined);
});

test("deleting an owner in the background takes its dependents along, however deep", async (t) => {
  const { clock, create, find, list, remove } = await startTestCluster(t);
  await create(deployment("web", { replicas: 2 }));
  await clock.sleep(30_000);
  await remove("Deployment", "default/web", "Background");
  assert.equal(await find("Deployment", "default/web"), undefined);
  await clock.sleep(30_000);
  assert.deepEqual(await list("ReplicaSet", "default"), []);
  assert.deepEqual(await list("Pod", "default"), []);
});

test("deleting an owner in the foreground waits for its dependents", async (t) => {
  const { clock, create, find, list, remove } = await startTestCluster(t);
  await create(deployment("web"));
  await clock.sleep(30_000);
  await remove("Deployment", "default/web", "Foreground");
  await clock.sleep(100);
  assert.ok((await find("Deployment", "default/web"))?.metadata.deletionTimestamp);
  assert.equal((await list("Pod", "default")).length, 1);
  await clock.sleep(30_000);
  assert.equal(await find("Deployment", "default/web"), undefined);
  assert.deepEqual(await list("Pod", "default"), []);
});

test("deleting an owner as Orphan lets its dependents live on", async (t) => {
  const { clock, create, find, list, remove } = await startTestCluster(t);
  await create(deployment("web"));
  await clock.sleep(30_000);
  await remove("Deployment", "default/web", "Orphan");
  await clock.sleep(30_000);
  assert.equal(await find("Deployment", "default/web"), undefined);
  const [set] = await list("ReplicaSet", "default");
  assert.deepEqual(set?.metadata.ownerReferences ?? [], []);
  assert.equal((await list("Pod", "default")).length, 1);
  await create(deployment("web"));
  await clock.sleep(30_000);
  const [adopted, ...others] = await list("ReplicaSet", "default");
  assert.equal(others.length, 0);
  assert.equal(adopted?.metadata.ownerReferences?.[0]?.kind, "Deployment");
});

test("an object whose owner never was is deleted; one with a second owner that is there stays", async (t) => {
  const { clock, create, read, find } = await startTestCluster(t);
  const owner = {
    apiVersion: "v1",
    kind: "ConfigMap",
    name: "absent",
    uid: "00000000-0000-4000-8000-000000000000",
  };
  await create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "present", namespace: "default" } });
  const present = await read("ConfigMap", "default/present");
  const alive = { ...owner, name: "present", uid: present.metadata.uid ?? "" };
  await create(
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "lost", namespace: "default", ownerReferences: [owner] },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "kept", namespace: "default", ownerReferences: [owner, alive] },
    },
  );
  await clock.sleep(5_000);
  assert.equal(await find("Secret", "default/lost"), undefined);
  assert.deepEqual(
    (await read("Secret", "default/kept")).metadata.ownerReferences?.map(({ name }) => name),
    ["present"],
  );
});

test("owners of custom kinds count too, for as long as their kind is served", async (t) => {
  const { cluster, client, clock, create, find } = await startTestCluster(t);
  const names = { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" };
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  await create({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names,
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  });
  await clock.sleep(5_000);
  const type = { group: "example.com", version: "v1", resource: "widgets", kind: "Widget", namespaced: true };
  const owned = async (name: string) => {
    const widget = await client.create(type, {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name, namespace: "default" },
    });
    const uid = widget.metadata.uid ?? "";
    const ownerReferences = [{ apiVersion: "example.com/v1", kind: "Widget", name, uid }];
    await create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace: "default", ownerReferences },
    });
  };
  await owned("one");
  await owned("two");
  await clock.sleep(5_000);
  assert.ok(await find("Secret", "default/one"));
  await client.delete(type, { namespace: "default", name: "one" });
  await clock.sleep(5_000);
  assert.equal(await find("Secret", "default/one"), undefined);
  assert.ok(await find("Secret", "default/two"));
  const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };
  const definition = { ...definitions, kind: "CustomResourceDefinition", namespaced: false };
  await client.delete(definition, { name: "widgets.example.com" });
  await clock.sleep(60_000);
  assert.equal(await find("Secret", "default/two"), undefined);
  const before = cluster.audit.length;
  await clock.sleep(600_000);
  assert.deepEqual(
    cluster.audit.slice(before).filter(({ resource }) => resource === "widgets"),
    [],
  );
});

const role = (name: string, labels: { [key: string]: string }, body: object) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name, labels },
  ...body,
});
const rule = (resource: string) => ({ verbs: ["get"], apiGroups: [""], resources: [resource] });

test("aggregated rules are those of the selected roles by name, each once", () => {
  const selector = { matchLabels: { part: "yes" } };
  const whole = role("whole", {}, { aggregationRule: { clusterRoleSelectors: [selector] } });
  const roles = [
    role("z", { part: "yes" }, { rules: [rule("pods"), rule("secrets")] }),
    role("a", { part: "yes" }, { rules: [rule("secrets"), rule("nodes")] }),
    role("other", {}, { rules: [rule("events")] }),
    whole,
  ];
  assert.deepEqual(aggregateRules(whole, roles), [rule("secrets"), rule("nodes"), rule("pods")]);
});

test("a role that is aggregated follows its parts, through another aggregated role too", async (t) => {
  const { clock, create, read, remove } = await startTestCluster(t);
  const aggregate = (label: string) => ({
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [label]: "true" } }] },
  });
  await create(
    role("outer", {}, aggregate("to-outer")),
    role("inner", { "to-outer": "true" }, aggregate("to-inner")),
    role("part", { "to-inner": "true" }, { rules: [rule("pods")] }),
  );
  await clock.sleep(5_000);
  assert.deepEqual(at(await read("ClusterRole", "inner"), "rules"), [rule("pods")]);
  const outer = await read("ClusterRole", "outer");
  assert.deepEqual(at(outer, "rules"), [rule("pods")]);
  const managers = (outer.metadata.managedFields ?? []).map((entry) => at(entry, "manager"));
  assert.ok(managers.includes("clusterrole-aggregation-controller"));
  assert.ok((at(await read("ClusterRole", "admin"), "rules") as unknown[]).length >= 29);
  await remove("ClusterRole", "part");
  await clock.sleep(5_000);
  assert.deepEqual(at(await read("ClusterRole", "outer"), "rules") ?? [], []);
});

test("a disruption budget counts the healthy pods of what it covers", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  const budget = (name: string, spec: object) => ({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: { app: "web" } }, ...spec },
  });
  await create(
    budget("half", { maxUnavailable: "50%" }),
    budget("all", { minAvailable: 4 }),
    deployment("web", { replicas: 4 }),
  );
  await clock.sleep(30_000);
  const half = await read("PodDisruptionBudget", "default/half");
  assert.deepEqual(
    ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"].map((field) =>
      at(half, "status", field),
    ),
    [2, 4, 2, 4],
  );
  assert.equal(conditionText(half, "DisruptionAllowed"), "True: SufficientPods");
  assert.equal(
    conditionText(await read("PodDisruptionBudget", "default/all"), "DisruptionAllowed"),
    "False: InsufficientPods",
  );
});

test("a quota shows what of it is used", async (t) => {
  const { clock, create, read, merge } = await startTestCluster(t);
  const hard = { pods: "5", "requests.cpu": "2", "requests.storage": "10Gi", "count/configmaps": "9" };
  const sized = {
    containers: [{ name: "web", image: "registry.example/web:1", resources: { requests: { cpu: "250m" } } }],
  };
  await create(
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "team", namespace: "default" },
      spec: { hard },
    },
    deployment("web", { replicas: 3 }, sized),
  );
  await clock.sleep(30_000);
  const used = async () => at(await read("ResourceQuota", "default/team"), "status", "used");
  assert.deepEqual(await used(), {
    pods: "3",
    "requests.cpu": "750m",
    "requests.storage": "0",
    "count/configmaps": "1",
  });
  await merge("Deployment", "default/web", { spec: { replicas: 1 } });
  await clock.sleep(30_000);
  assert.deepEqual(await used(), {
    pods: "1",
    "requests.cpu": "250m",
    "requests.storage": "0",
    "count/configmaps": "1",
  });
});

test("an autoscaler without metrics says so and keeps its target between the limits", async (t) => {
  const { clock, create, read } = await startTestCluster(t);
  await create(deployment("web"), {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "default" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 5,
    },
  });
  await clock.sleep(60_000);
  const autoscaler = await read("HorizontalPodAutoscaler", "default/web");
  assert.equal(conditionText(autoscaler, "AbleToScale"), "True: SucceededGetScale");
  assert.equal(conditionText(autoscaler, "ScalingActive"), "False: FailedGetResourceMetric");
  assert.equal(at(await read("Deployment", "default/web"), "status", "availableReplicas"), 2);
});

test("two clusters of one seed answer the same requests at the same times", async (t) => {
  const run = async () => {
    const { cluster, clock, create } = await startTestCluster(t, { seed: 7 });
    await create(deployment("web", { replicas: 3 }), {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "db", namespace: "default" },
      spec: { replicas: 2, selector: { matchLabels: { app: "db" } }, template: podTemplate("db") },
    });
    await clock.sleep(60_000);
    return cluster.audit.map(
      ({ at: time, verb, resource, name, code }) => `${time} ${verb} ${resource} ${name} ${code}`,
    );
  };
  assert.deepEqual(await run(), await run());
});
