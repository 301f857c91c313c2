// The simulated cert-manager beyond what a release asks of it: authorities, issuers that are not there yet, changes.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  builtin,
  type Client,
  createClient,
  createMapper,
  type KubernetesObject,
  type ResourceMapper,
  type ResourceType,
} from "@slipway/kubernetes";
import { buildBundle, loadPlatform } from "@slipway/platform";
import { type Cluster, startCluster } from "@slipway/rehearsal";
import { isJsonObject, type JsonObject } from "@slipway/yaml";

const secrets = builtin("", "Secret");
const namespace = "team";

describe("cert-manager on the embedded cluster", () => {
  let cluster: Cluster;
  let client: Client;
  let mapper: ResourceMapper;

  const typeOf = (kind: string): ResourceType => {
    const type = mapper.find("cert-manager.io", kind);
    assert.ok(type);
    return type;
  };
  const create = (kind: string, name: string, spec: JsonObject) =>
    client.create(typeOf(kind), {
      apiVersion: "cert-manager.io/v1",
      kind,
      metadata: kind === "ClusterIssuer" ? { name } : { name, namespace },
      spec,
    });

  async function condition(kind: string, name: string, type: string): Promise<JsonObject | undefined> {
    const object = await client.get(typeOf(kind), { namespace, name });
    const conditions = isJsonObject(object.status) ? object.status.conditions : undefined;
    const list = Array.isArray(conditions) ? conditions.filter(isJsonObject) : [];
    return list.find((one) => one.type === type);
  }

  /** Waits until the condition has that status; simulated seconds. */
  async function awaitCondition(
    kind: string,
    name: string,
    type: string,
    status: string,
  ): Promise<JsonObject> {
    for (let waited = 0; waited < 60; waited++) {
      const found = await condition(kind, name, type);
      if (found?.status === status) return found;
      await cluster.clock.sleep(1_000);
    }
    return assert.fail(`${kind} ${name} is not ${type}=${status}`);
  }

  async function readSecret(
    name: string,
  ): Promise<{ object: KubernetesObject; text: (key: string) => string }> {
    const object = await client.get(secrets, { namespace, name });
    const data = isJsonObject(object.data) ? object.data : {};
    return { object, text: (key) => Buffer.from(String(data[key] ?? ""), "base64").toString() };
  }

  before(async () => {
    const { resources } = buildBundle(await loadPlatform({ starter: true }));
    const objects = resources
      .filter(({ component }) => component === "cert-manager")
      .map(({ object }) => object);
    mapper = createMapper({ crds: objects });
    cluster = await startCluster({ seed: 3 });
    client = createClient({ transport: cluster.transport, userAgent: "scenario" });
    await client.create(builtin("", "Namespace"), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace },
    });
    const first = (object: KubernetesObject) =>
      ["Namespace", "CustomResourceDefinition"].includes(object.kind) ? 0 : 1;
    for (const object of objects.toSorted((a, b) => first(a) - first(b))) {
      if (object.kind === "ClusterIssuer") continue;
      const type = mapper.findFor(object);
      assert.ok(type);
      await client.apply(type, object, { fieldManager: "scenario" });
    }
    // Until the webhook can be called, nothing of its groups is accepted.
    for (let waited = 0; ; waited++) {
      const accepted = await create("Issuer", "self", { selfSigned: {} }).then(
        () => true,
        () => false,
      );
      if (accepted) break;
      assert.ok(waited < 60, "the webhook answers");
      await cluster.clock.sleep(1_000);
    }
  });
  after(() => cluster?.stop());

  test("a chain of issuers signs a certificate that verifies", async () => {
    await create("Certificate", "root", {
      isCA: true,
      commonName: "root of team",
      secretName: "root",
      issuerRef: { name: "self" },
    });
    await create("Issuer", "ca", { ca: { secretName: "root" } });
    await create("Certificate", "leaf", {
      commonName: "web.team.svc",
      dnsNames: ["web.team.svc"],
      duration: "24h",
      secretName: "leaf",
      issuerRef: { name: "ca", kind: "Issuer" },
    });
    const ready = await awaitCondition("Certificate", "leaf", "Ready", "True");
    assert.equal(ready.message, "Certificate is up to date and has not expired");
    assert.equal((await condition("Certificate", "leaf", "Issuing"))?.status, undefined);

    const root = new X509Certificate((await readSecret("root")).text("tls.crt"));
    const { object, text } = await readSecret("leaf");
    const leaf = new X509Certificate(text("tls.crt"));
    assert.equal(root.ca, true);
    assert.ok(leaf.verify(root.publicKey));
    assert.equal(text("ca.crt"), (await readSecret("root")).text("tls.crt"));
    assert.equal(leaf.validToDate.getTime() - leaf.validFromDate.getTime(), 24 * 3_600_000);
    assert.equal(object.type, "kubernetes.io/tls");
    assert.equal(object.metadata.annotations?.["cert-manager.io/issuer-name"], "ca");
  });

  test("a certificate waits for its issuer, and says so", async () => {
    await create("Certificate", "early", {
      dnsNames: ["early.team.svc"],
      secretName: "early",
      issuerRef: { name: "later", kind: "ClusterIssuer" },
    });
    const waiting = await awaitCondition("Certificate", "early", "Ready", "False");
    assert.equal(waiting.reason, "DoesNotExist");
    await create("ClusterIssuer", "later", {
      acme: { server: "https://acme.example", privateKeySecretRef: { name: "k" } },
    });
    await awaitCondition("Certificate", "early", "Ready", "True");
  });

  test("a deleted Secret and a changed name are issued anew", async () => {
    const before = (await readSecret("leaf")).text("tls.crt");
    await client.delete(secrets, { namespace, name: "leaf" });
    await cluster.clock.sleep(5_000);
    assert.notEqual((await readSecret("leaf")).text("tls.crt"), before);

    const patch = { spec: { dnsNames: ["web.team.svc", "other.team.svc"] } };
    await client.patch(typeOf("Certificate"), { namespace, name: "leaf" }, { type: "merge", patch });
    await cluster.clock.sleep(5_000);
    const { subjectAltName } = new X509Certificate((await readSecret("leaf")).text("tls.crt"));
    assert.equal(subjectAltName, "DNS:web.team.svc, DNS:other.team.svc");
    await awaitCondition("Certificate", "leaf", "Ready", "True");
  });
});
