import assert from "node:assert/strict";
import { test } from "node:test";
import { builtin, type PatchBody, type WatchEvent } from "@slipway/kubernetes";
import { configMap, deployment, refusal, startServer } from "../testing.ts";

const configMaps = builtin("", "ConfigMap");
const deployments = builtin("apps", "Deployment");
const pods = builtin("", "Pod");
const here = (name: string) => ({ namespace: "default", name });

test("create: generated names, defaults, what may not be sent", async () => {
  const { client, ask } = await startServer();
  const path = "/api/v1/namespaces/default/configmaps";
  const first = await ask("POST", path, { metadata: { generateName: "x-" } });
  const second = await ask("POST", path, { metadata: { generateName: "x-" } });
  assert.equal(first.status, 201);
  const nameOf = ({ body }: typeof first) => (body.metadata as { name: string }).name;
  assert.match(nameOf(first), /^x-[a-z0-9]{5}$/);
  assert.notEqual(nameOf(first), nameOf(second));
  const created = await client.create(deployments, deployment("d"));
  assert.equal((created.spec as { replicas: number }).replicas, 1);
  await assert.rejects(
    client.create(configMaps, configMap("Upper")),
    refusal(422, /lowercase RFC 1123 subdomain/),
  );
  const wrongKind = await ask("POST", path, { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } });
  assert.equal(wrongKind.status, 400);
  const elsewhere = await ask("POST", path, { metadata: { name: "a", namespace: "other" } });
  assert.match(String(elsewhere.body.message), /does not match the namespace sent on the request/);
  const missing = await ask("POST", "/api/v1/namespaces/none/configmaps", { metadata: { name: "a" } });
  assert.deepEqual([missing.status, missing.body.message], [404, 'namespaces "none" not found']);
});

test("unknown fields are told or refused, as the request wants", async () => {
  const { ask } = await startServer();
  const body = { metadata: { name: "a" }, dataa: {} };
  const path = (validation: string, name: string) =>
    ask("POST", `/api/v1/namespaces/default/configmaps?fieldValidation=${validation}`, {
      ...body,
      metadata: { name },
    });
  assert.match((await path("Warn", "a")).headers.warning ?? "", /299 - "unknown field \\"dataa\\""/);
  assert.equal((await path("Ignore", "b")).headers.warning, undefined);
  const strict = await path("Strict", "c");
  assert.equal(strict.status, 400);
  assert.match(String(strict.body.message), /strict decoding error: unknown field "dataa"/);
});

test("dry run changes nothing but says what it would", async () => {
  const { client } = await startServer();
  const tried = await client.create(configMaps, configMap("a"), { dryRun: true });
  assert.ok(tried.metadata.uid);
  await assert.rejects(client.get(configMaps, here("a")), refusal(404, /not found/));
  await client.create(configMaps, configMap("a", { x: "1" }));
  const patch = { type: "merge", patch: { data: { x: "2" } } } as const;
  const patched = await client.patch(configMaps, here("a"), patch, { dryRun: true });
  assert.deepEqual(patched.data, { x: "2" });
  await client.delete(configMaps, here("a"), { dryRun: true });
  assert.deepEqual((await client.get(configMaps, here("a"))).data, { x: "1" });
});

test("update: a stale version conflicts, a foreign uid too, and no change makes no revision", async () => {
  const { client } = await startServer();
  const created = await client.create(configMaps, configMap("a", { x: "1" }));
  const same = await client.update(configMaps, created);
  assert.equal(same.metadata.resourceVersion, created.metadata.resourceVersion);
  await client.update(configMaps, { ...created, data: { x: "2" } });
  await assert.rejects(
    client.update(configMaps, { ...created, data: { x: "3" } }),
    refusal(409, /Operation cannot be fulfilled on configmaps "a": the object has been modified/),
  );
  const { resourceVersion: _, ...metadata } = created.metadata;
  await assert.rejects(
    client.update(configMaps, { ...created, metadata: { ...metadata, uid: "other" } }),
    refusal(409, /Precondition failed: UID in precondition: other/),
  );
});

test("two writers at once both succeed unless one names a version", async () => {
  const { client } = await startServer();
  await client.create(configMaps, configMap("a"));
  const write = (key: string) =>
    client.patch(configMaps, here("a"), { type: "merge", patch: { data: { [key]: key } } });
  await Promise.all(["x", "y", "z"].map(write));
  assert.deepEqual((await client.get(configMaps, here("a"))).data, { x: "x", y: "y", z: "z" });
});

test("apply: ownership, conflict, force, giving up a field", async () => {
  const { client, ask } = await startServer();
  const apply = (manager: string, data: Record<string, string>, force = false) =>
    client.apply(
      configMaps,
      { apiVersion: "v1", kind: "ConfigMap", metadata: here("a"), data },
      { fieldManager: manager, force },
    );
  await apply("one", { x: "1", y: "1" });
  await assert.rejects(apply("two", { x: "2" }), refusal(409, /conflict with "one": \.data\.x$/));
  await apply("two", { x: "2" }, true);
  const after = await apply("one", { y: "1" });
  assert.deepEqual(after.data, { x: "2", y: "1" });
  const given = await apply("one", {});
  assert.deepEqual(given.data, { x: "2" });
  const again = await apply("one", {});
  assert.equal(again.metadata.resourceVersion, given.metadata.resourceVersion);
  const path = "/api/v1/namespaces/default/configmaps/b";
  const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\ndata: { k: v }\n";
  const type = { "content-type": "application/apply-patch+yaml" };
  assert.equal((await ask("PATCH", `${path}?fieldManager=m`, yaml, type)).status, 201);
  assert.equal((await ask("PATCH", `${path}?fieldManager=m`, yaml, type)).status, 200);
  assert.equal((await ask("PATCH", path, yaml, type)).status, 422);
});

test("a patch in an unknown notation is refused", async () => {
  const { client, ask } = await startServer();
  await client.create(configMaps, configMap("a"));
  const answer = await ask(
    "PATCH",
    "/api/v1/namespaces/default/configmaps/a",
    {},
    { "content-type": "text/x" },
  );
  assert.deepEqual([answer.status, answer.body.reason], [415, "UnsupportedMediaType"]);
});

test("delete: preconditions, finalizers, propagation", async () => {
  const { client } = await startServer();
  const held = configMap("held");
  held.metadata.finalizers = ["example.com/hold"];
  await client.create(configMaps, held);
  const { uid = "" } = (await client.get(configMaps, here("held"))).metadata;
  await assert.rejects(
    client.delete(configMaps, here("held"), { preconditions: { uid: "other" } }),
    refusal(409, /the UID in the precondition \(other\) does not match the UID in record/),
  );
  await client.delete(configMaps, here("held"), { preconditions: { uid } });
  const terminating = await client.get(configMaps, here("held"));
  assert.ok(terminating.metadata.deletionTimestamp);
  const finalizers = ["example.com/hold", "b.c/d"];
  const more: PatchBody = { type: "merge", patch: { metadata: { finalizers } } };
  await assert.rejects(
    client.patch(configMaps, here("held"), more),
    refusal(422, /no new finalizers can be added if the object is being deleted/),
  );
  await client.patch(configMaps, here("held"), { type: "merge", patch: { metadata: { finalizers: null } } });
  await assert.rejects(client.get(configMaps, here("held")), refusal(404, /not found/));

  await client.create(deployments, deployment("d"));
  await client.delete(deployments, here("d"), { propagationPolicy: "Foreground" });
  const waiting = await client.get(deployments, here("d"));
  assert.deepEqual(waiting.metadata.finalizers, ["foregroundDeletion"]);
  assert.equal(waiting.metadata.generation, 2);
});

test("a bound pod is given time to stop, an unbound one goes at once", async () => {
  const { client, ask } = await startServer();
  await client.create(builtin("", "ServiceAccount"), {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "default" },
  });
  const pod = (name: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "c", image: "i" }] },
  });
  await client.create(pods, pod("free"));
  await client.delete(pods, here("free"));
  await assert.rejects(client.get(pods, here("free")), refusal(404, /not found/));

  await client.create(pods, pod("bound"));
  const bind = () =>
    ask("POST", "/api/v1/namespaces/default/pods/bound/binding", {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "bound" },
      target: { kind: "Node", name: "n1" },
    });
  assert.equal((await bind()).status, 201);
  assert.equal((await bind()).status, 409);
  await client.delete(pods, here("bound"));
  const stopping = await client.get(pods, here("bound"));
  assert.equal(stopping.metadata.deletionGracePeriodSeconds, 30);
  await client.delete(pods, here("bound"), { gracePeriodSeconds: 0 });
  await assert.rejects(client.get(pods, here("bound")), refusal(404, /not found/));
});

test("deletecollection deletes what the selectors cover", async () => {
  const { client, ask } = await startServer();
  for (const [name, tier] of [
    ["a", "front"],
    ["b", "back"],
    ["c", "front"],
  ] as const) {
    await client.create(configMaps, configMap(name, {}, { tier }));
  }
  await ask("DELETE", "/api/v1/namespaces/default/configmaps?labelSelector=tier%3Dfront");
  const left = await client.list(configMaps, { namespace: "default" });
  assert.deepEqual(
    left.items.map(({ metadata }) => metadata.name),
    ["b"],
  );
});

test("a list goes on with the revision at which it began", async () => {
  const { client, ask } = await startServer();
  for (const name of ["a", "b", "c", "d"]) await client.create(configMaps, configMap(name));
  const path = "/api/v1/namespaces/default/configmaps?limit=2";
  const first = await ask("GET", path);
  const { continue: token, remainingItemCount } = first.body.metadata as Record<string, string | number>;
  assert.equal(remainingItemCount, 2);
  await client.delete(configMaps, here("c"));
  await client.create(configMaps, configMap("cc"));
  const second = await ask("GET", `${path}&continue=${token}`);
  const named = (second.body.items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
  assert.deepEqual(named, ["c", "d"]);
  assert.equal((await ask("GET", `${path}&continue=nonsense`)).status, 400);
  assert.equal((await ask("GET", "/api/v1/configmaps?resourceVersion=999999")).status, 504);
});

test("a bookmark comes when others are busy, and after the initial events", async () => {
  const { client, cluster } = await startServer();
  await client.create(configMaps, configMap("quiet"));
  for (let i = 0; i < 600; i++) {
    await client.patch(configMaps, here("quiet"), { type: "merge", patch: { data: { i: String(i) } } });
  }
  const seen: WatchEvent["type"][] = [];
  const { resourceVersion } = await client.list(configMaps);
  const from = String(Number(resourceVersion) - 550);
  for await (const event of client.watch(configMaps, {
    fieldSelector: "metadata.name=other",
    resourceVersion: from,
  })) {
    seen.push(event.type);
    break;
  }
  assert.deepEqual(seen, ["BOOKMARK"]);
  const stream = await cluster.transport({
    method: "GET",
    path: "/api/v1/configmaps?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=5",
  });
  const lines = (await stream.text()).trim().split("\n");
  assert.match(lines.at(-1) ?? "", /"k8s\.io\/initial-events-end":"true"/);
});

test("metadata alone is what PartialObjectMetadata asks for", async () => {
  const { client, ask } = await startServer();
  await client.create(configMaps, configMap("a", { x: "1" }));
  const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  const { body } = await ask("GET", "/api/v1/namespaces/default/configmaps", undefined, { accept });
  assert.equal(body.kind, "PartialObjectMetadataList");
  assert.ok(!JSON.stringify(body).includes('"data"'));
});

test("what a resource cannot do is refused by name", async () => {
  const { ask } = await startServer();
  const answer = await ask("DELETE", "/api/v1/namespaces");
  assert.deepEqual([answer.status, answer.body.reason], [405, "MethodNotAllowed"]);
  assert.equal((await ask("GET", "/api/v1/namespaces/default/configmaps/a/status")).status, 404);
  const review = await ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", { spec: {} });
  assert.deepEqual(review.body.status, { allowed: true });
});

test("answers are YAML for whom prefers it, and refused to whom wants neither", async () => {
  const { client, ask } = await startServer();
  await client.create(configMaps, configMap("a", { x: "1" }));
  const path = "/api/v1/namespaces/default/configmaps/a";
  const yaml = await ask("GET", path, undefined, { accept: "application/yaml" });
  assert.equal(yaml.headers["content-type"], "application/yaml");
  assert.match(String(yaml.body.text), /^apiVersion: v1\ndata:\n {2}x: "1"\nkind: ConfigMap\n/);
  assert.equal((await ask("GET", path, undefined, { accept: "image/png" })).status, 406);
});

test("access reviews answer by roles and bindings", async () => {
  const { client, ask } = await startServer();
  const group = "rbac.authorization.k8s.io";
  const apiVersion = `${group}/v1`;
  await client.create(builtin(group, "Role"), {
    apiVersion,
    kind: "Role",
    metadata: here("reader"),
    rules: [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get", "list"] }],
  });
  await client.create(builtin(group, "RoleBinding"), {
    apiVersion,
    kind: "RoleBinding",
    metadata: here("readers"),
    roleRef: { apiGroup: group, kind: "Role", name: "reader" },
    subjects: [
      { kind: "User", name: "jane" },
      { kind: "ServiceAccount", name: "robot" },
    ],
  });
  const may = async (user: string, attributes: Record<string, string>) => {
    const resourceAttributes = { namespace: "default", ...attributes };
    const spec = { user, resourceAttributes };
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    return (await ask("POST", path, { spec })).body.status;
  };
  const reason = 'RBAC: allowed by RoleBinding "readers/default" of Role "reader" to User "jane"';
  assert.deepEqual(await may("jane", { verb: "get", resource: "pods" }), { allowed: true, reason });
  assert.deepEqual(await may("jane", { verb: "delete", resource: "pods" }), { allowed: false });
  assert.deepEqual(await may("jane", { verb: "get", resource: "pods", namespace: "kube-system" }), {
    allowed: false,
  });
  const robot = await may("system:serviceaccount:default:robot", {
    verb: "get",
    resource: "pods",
    subresource: "log",
  });
  assert.equal((robot as { allowed: boolean }).allowed, true);
});

test("an eviction spends the pod's disruption budget, and is refused when there is none left", async () => {
  const { client, ask } = await startServer();
  const budgets = builtin("policy", "PodDisruptionBudget");
  await client.create(builtin("", "ServiceAccount"), {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: here("default"),
  });
  await client.create(budgets, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: here("b"),
    spec: { minAvailable: 1, selector: { matchLabels: { app: "x" } } },
  });
  const status = { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 };
  const patch = { type: "merge", patch: { status } } as const;
  await client.patch(budgets, here("b"), patch, { subresource: "status" });
  const evict = async (name: string) => {
    await client.create(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...here(name), labels: { app: "x" } },
      spec: { containers: [{ name: "c", image: "i" }] },
    });
    const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
    await client.patch(
      pods,
      here(name),
      { type: "merge", patch: { status: ready } },
      { subresource: "status" },
    );
    const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
    return ask("POST", `/api/v1/namespaces/default/pods/${name}/eviction`, body);
  };
  assert.equal((await evict("first")).status, 201);
  const refused = await evict("second");
  assert.deepEqual([refused.status, refused.body.reason], [429, "TooManyRequests"]);
  assert.match(JSON.stringify(refused.body.details), /The disruption budget b needs 1 healthy pods/);
});
