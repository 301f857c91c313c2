import assert from "node:assert/strict";
import { request } from "node:https";
import { after, before, describe, test } from "node:test";
import { builtin, createClient } from "@slipway/kubernetes";
import { readYamlDocument } from "@slipway/yaml";
import { type Cluster, startCluster } from "./cluster.ts";
import { configMap } from "./server/testing.ts";

interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority-data": string } }[];
  users: { user: { token: string } }[];
}

describe("the embedded server over a socket", () => {
  let cluster: Cluster;
  let url: string;
  let authority: Buffer;
  let token: string;

  before(async () => {
    cluster = await startCluster({ controllers: false });
    ({ url } = await cluster.listen());
    const config = readYamlDocument(cluster.kubeconfig()).value as unknown as Kubeconfig;
    assert.equal(config.clusters[0]?.cluster.server, url);
    authority = Buffer.from(config.clusters[0]?.cluster["certificate-authority-data"] ?? "", "base64");
    token = config.users[0]?.user.token ?? "";
  });

  after(() => cluster.stop());

  const ask = (path: string, headers: Record<string, string>, body = "") =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const method = body ? "POST" : "GET";
      const sent = request(`${url}${path}`, { ca: authority, headers, method }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on("error", reject);
      sent.end(body);
    });

  test("the kubeconfig's authority and token let one in; nothing else does", async () => {
    const { status, text } = await ask("/version", { authorization: `Bearer ${token}` });
    assert.equal(status, 200);
    assert.match(text, /v1\.36/);
    assert.equal((await ask("/version", {})).status, 401);
    assert.equal((await ask("/api/v1/secrets", { authorization: "Bearer wrong" })).status, 401);
    await assert.rejects(
      new Promise((_, reject) => {
        request(`${url}/version`).on("error", reject).end();
      }),
      /certificate/,
    );
  });

  test("a watch streams lines until the client goes away", async () => {
    const client = createClient({ transport: cluster.transport, userAgent: "test" });
    const headers = { authorization: `Bearer ${token}` };
    const seen = new Promise<string>((resolve, reject) => {
      const sent = request(`${url}/api/v1/configmaps?watch=true`, { ca: authority, headers }, (response) => {
        response.on("data", (chunk) => {
          resolve(String(chunk));
          sent.destroy();
        });
        void client.create(builtin("", "ConfigMap"), configMap("seen"));
      });
      sent.on("error", reject);
      sent.end();
    });
    assert.match(await seen, /^\{"type":"ADDED","object":.*"name":"seen".*\}\n$/);
  });

  test("a body that is too large is refused", async () => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const { status } = await ask(
      "/api/v1/namespaces/default/configmaps",
      headers,
      "x".repeat(4 * 1024 * 1024),
    );
    assert.equal(status, 413);
  });

  test("somebody else may be impersonated", async () => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "impersonate-user": "jane",
      "impersonate-group": "system:masters",
    };
    const { text } = await ask("/apis/authentication.k8s.io/v1/selfsubjectreviews", headers, "{}");
    assert.equal(JSON.parse(text).status.userInfo.username, "jane");
  });

  test("the same server answers Request with Response", async () => {
    const response = await cluster.fetch(new Request("http://cluster/api/v1/namespaces/default"));
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { kind: string }).kind, "Namespace");
    const abort = new AbortController();
    const watch = await cluster.fetch(
      new Request("http://cluster/api/v1/namespaces?watch=true", { signal: abort.signal }),
    );
    const { value } = (await watch.body?.getReader().read()) ?? {};
    assert.match(new TextDecoder().decode(value), /^\{"type":"ADDED"/);
    abort.abort();
  });
});
