import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, ConnectionError } from "./errors.ts";
import { createClient, warningsOf } from "./http-client.ts";
import type { KubernetesObject } from "./object.ts";
import { builtin } from "./resource-types.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

const deployments = builtin("apps", "Deployment");
const namespaces = builtin("", "Namespace");

/** A client whose requests are recorded and answered one after the other. */
function scripted(...answers: (Partial<HttpResponse> & { body?: unknown; stream?: string[] })[]) {
  const requests: HttpRequest[] = [];
  const client = createClient({
    userAgent: "slipway-test",
    transport: async (request) => {
      requests.push(request);
      const answer = answers.shift() ?? {};
      return {
        status: answer.status ?? 200,
        headers: answer.headers ?? {},
        text: async () => (typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {})),
        async *lines() {
          yield* answer.stream ?? [];
        },
      };
    },
  });
  return { client, requests };
}

const deployment: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
};

test("a core object is under /api and a grouped one under /apis", async () => {
  const { client, requests } = scripted();
  await client.get(namespaces, { name: "shop" });
  await client.get(deployments, { name: "web", namespace: "shop" });
  assert.deepEqual(
    requests.map((request) => request.path),
    ["/api/v1/namespaces/shop", "/apis/apps/v1/namespaces/shop/deployments/web"],
  );
  assert.equal(requests[0]?.headers?.["user-agent"], "slipway-test");
});

test("server-side apply names its manager, forces and collects warnings", async () => {
  const warnings: string[] = [];
  const { client, requests } = scripted({
    headers: { warning: '299 - "spec.x is \\"old\\"", 299 - "unknown field \\"y\\""' },
    body: deployment,
  });
  const applied = await client.apply(deployments, deployment, {
    fieldManager: "slipway",
    force: true,
    fieldValidation: "Warn",
    dryRun: true,
    onWarning: (text) => warnings.push(text),
  });
  const [request] = requests;
  assert.equal(request?.method, "PATCH");
  assert.equal(
    request?.path,
    "/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=slipway&fieldValidation=Warn&dryRun=All&force=true",
  );
  assert.equal(request?.headers?.["content-type"], "application/apply-patch+yaml");
  assert.deepEqual(JSON.parse(request?.body ?? ""), deployment);
  assert.deepEqual(applied, deployment);
  assert.deepEqual(warnings, ['spec.x is "old"', 'unknown field "y"']);
});

test("each patch has its own content type and may go to a subresource", async () => {
  const { client, requests } = scripted();
  const ref = { name: "web", namespace: "shop" };
  await client.patch(deployments, ref, { type: "merge", patch: { a: 1 } }, { subresource: "status" });
  await client.patch(deployments, ref, { type: "json", patch: [{ op: "remove", path: "/a" }] });
  assert.match(requests[0]?.path ?? "", /\/web\/status$/);
  assert.equal(requests[0]?.headers?.["content-type"], "application/merge-patch+json");
  assert.equal(requests[1]?.headers?.["content-type"], "application/json-patch+json");
});

test("a list follows continue and completes its items", async () => {
  const { client, requests } = scripted(
    { body: { metadata: { resourceVersion: "7", continue: "more" }, items: [{ metadata: { name: "a" } }] } },
    { body: { metadata: { resourceVersion: "7" }, items: [{ metadata: { name: "b" } }] } },
  );
  const list = await client.list(deployments, { labelSelector: "app in (x,y)", limit: 1 });
  assert.equal(list.resourceVersion, "7");
  assert.deepEqual(
    list.items.map((item) => [item.apiVersion, item.kind, item.metadata.name]),
    [
      ["apps/v1", "Deployment", "a"],
      ["apps/v1", "Deployment", "b"],
    ],
  );
  assert.equal(requests[0]?.path, "/apis/apps/v1/deployments?labelSelector=app%20in%20(x%2Cy)&limit=1");
  assert.match(requests[1]?.path ?? "", /continue=more/);
});

test("a refusal is an ApiError with the server's Status and Retry-After", async () => {
  const status = { kind: "Status", message: "slow down", reason: "TooManyRequests", code: 429 };
  const { client } = scripted({ status: 429, headers: { "retry-after": "3" }, body: status });
  await assert.rejects(client.get(namespaces, { name: "x" }), (error: ApiError) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.code, error.reason, error.retryAfterMs], [429, "TooManyRequests", 3000]);
    assert.deepEqual(error.status, status);
    return true;
  });
});

test("a page that is no Status becomes one", async () => {
  const { client } = scripted({ status: 502, body: "<html>bad\n gateway</html>" });
  await assert.rejects(client.get(namespaces, { name: "x" }), {
    name: "ApiError",
    code: 502,
    message: "<html>bad gateway</html>",
  });
});

test("a watch yields lines and throws the ERROR line as ApiError", async () => {
  const added = { type: "ADDED", object: deployment };
  const gone = {
    type: "ERROR",
    object: { kind: "Status", code: 410, reason: "Expired", message: "too old" },
  };
  const { client, requests } = scripted({ stream: [JSON.stringify(added), "", JSON.stringify(gone)] });
  const seen: unknown[] = [];
  await assert.rejects(
    async () => {
      for await (const event of client.watch(deployments, { resourceVersion: "5" })) seen.push(event);
    },
    { name: "ApiError", code: 410, reason: "Expired" },
  );
  assert.deepEqual(seen, [added]);
  assert.equal(
    requests[0]?.path,
    "/apis/apps/v1/deployments?watch=true&allowWatchBookmarks=true&resourceVersion=5",
  );
});

test("of lists and watches the metadata alone may be asked for, and comes as objects of the kind", async () => {
  const metadata = { name: "web" };
  const partial = { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata };
  const { client, requests } = scripted(
    { body: { metadata: { resourceVersion: "7" }, items: [partial] } },
    { stream: [JSON.stringify({ type: "ADDED", object: partial })] },
  );
  const expected = { apiVersion: "apps/v1", kind: "Deployment", metadata };
  assert.deepEqual((await client.list(deployments, { metadataOnly: true })).items, [expected]);
  for await (const event of client.watch(deployments, { metadataOnly: true })) {
    assert.deepEqual(event, { type: "ADDED", object: expected });
  }
  assert.deepEqual(
    requests.map(({ headers }) => headers?.accept),
    [
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
    ],
  );
});

test("discovery says whether a resource is served", async () => {
  const resources = [{ name: "deployments/status" }, { name: "deployments" }];
  const { client, requests } = scripted(
    { body: { resources } },
    { body: { resources: resources.slice(0, 1) } },
    { status: 404, body: { kind: "Status", code: 404 } },
    { status: 503, body: { kind: "Status", code: 503 } },
  );
  assert.equal(await client.serves(deployments), true);
  assert.equal(await client.serves(deployments), false);
  assert.equal(await client.serves(deployments), false);
  await assert.rejects(client.serves(deployments), { code: 503 });
  assert.equal(requests[0]?.path, "/apis/apps/v1");
});

test("no answer is a ConnectionError that keeps its cause's code", async () => {
  const client = createClient({
    userAgent: "t",
    transport: async () => {
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("refused"), { code: "ECONNREFUSED" }),
      });
    },
  });
  await assert.rejects(client.list(namespaces), (error: ConnectionError) => {
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.code, "ECONNREFUSED");
    return true;
  });
});

test("an abort keeps the caller's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  controller.abort(reason);
  const client = createClient({
    userAgent: "t",
    transport: async (request) => Promise.reject(request.signal?.reason),
  });
  await assert.rejects(client.list(namespaces, { signal: controller.signal }), reason);
});

test("a delete carries its options in the body", async () => {
  const { client, requests } = scripted();
  await client.delete(
    deployments,
    { name: "web", namespace: "shop" },
    { propagationPolicy: "Foreground", preconditions: { uid: "u" } },
  );
  assert.deepEqual(JSON.parse(requests[0]?.body ?? ""), {
    kind: "DeleteOptions",
    apiVersion: "v1",
    propagationPolicy: "Foreground",
    preconditions: { uid: "u" },
  });
});

test("no Warning header gives no warnings", () => {
  assert.deepEqual(warningsOf({}), []);
});
