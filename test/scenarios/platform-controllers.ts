// The platform's own controllers on a platform: what becomes ready, and what is refused until it is.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  type Client,
  createClient,
  findBuiltin,
  groupOf,
  isApiError,
  type KubernetesObject,
  type ResourceType,
  versionOf,
} from "@slipway/kubernetes";
import { type Cluster, startCluster } from "@slipway/rehearsal";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";

const manager = "scenario";

/** A platform and how much of it there is. */
export interface Subject {
  readonly read: () => Promise<KubernetesObject[]>;
  /** Where the numbers are fixed for ever. */
  readonly counts?: {
    readonly objects: number;
    readonly certificates: number;
    readonly configurations: number;
    readonly runtimes: number;
  };
}

/** Some, and where it is known how many, just as many. */
function expectCount(objects: readonly KubernetesObject[], count: number | undefined): void {
  assert.ok(objects.length > 0);
  if (count !== undefined) assert.equal(objects.length, count);
}

const at = (value: Json | undefined, ...keys: string[]): Json | undefined =>
  keys.reduce<Json | undefined>((current, key) => (isJsonObject(current) ? current[key] : undefined), value);
const list = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : [];

/** Resource types of the release's objects: built in, or from its own definitions. */
function typesOf(release: readonly KubernetesObject[]): (object: KubernetesObject) => ResourceType {
  const definitions = release.filter(({ kind }) => kind === "CustomResourceDefinition");
  return (object) => {
    const group = groupOf(object.apiVersion);
    const version = versionOf(object.apiVersion);
    const known = findBuiltin(group, object.kind, version);
    if (known) return known;
    const definition = definitions.find(
      ({ spec }) => at(spec, "group") === group && at(spec, "names", "kind") === object.kind,
    );
    assert.ok(definition, `${object.apiVersion} ${object.kind} is defined`);
    return {
      group,
      version,
      resource: String(at(definition.spec, "names", "plural")),
      kind: object.kind,
      namespaced: at(definition.spec, "scope") === "Namespaced",
    };
  };
}

/** Declares the tests of the platform's controllers on one platform. */
export function describePlatform(subject: Subject): void {
  let cluster: Cluster;
  let client: Client;
  let release: KubernetesObject[];
  let typeOf: (object: KubernetesObject) => ResourceType;
  /** The refusals of every object, oldest first. */
  const refusals = new Map<KubernetesObject, string[]>();

  /** Server-side apply, without the caBundle that is rendered empty and must not be owned. */
  async function apply(object: KubernetesObject): Promise<boolean> {
    const type = typeOf(object);
    const { namespace: _, ...metadata } = object.metadata;
    const webhooks = list(object.webhooks).map((webhook) => {
      const { caBundle: __, ...clientConfig } = at(webhook, "clientConfig") as JsonObject;
      return { ...webhook, clientConfig };
    });
    const sent = {
      ...object,
      metadata: type.namespaced ? object.metadata : metadata,
      ...(webhooks.length > 0 ? { webhooks } : {}),
    } as KubernetesObject;
    try {
      await client.apply(type, sent, { fieldManager: manager, force: true });
      return true;
    } catch (error) {
      if (!isApiError(error)) throw error;
      refusals.set(object, [...(refusals.get(object) ?? []), error.message]);
      return false;
    }
  }

  /** Applies in rounds, two simulated seconds apart, until the server has taken everything. */
  async function applyAll(objects: readonly KubernetesObject[], rounds: number): Promise<void> {
    let left = objects;
    for (let round = 0; round < rounds && left.length > 0; round++) {
      const accepted = await Promise.all(left.map(apply));
      left = left.filter((_, index) => !accepted[index]);
      if (left.length > 0) await cluster.clock.sleep(2_000);
    }
    const [first] = left;
    assert.equal(
      left.length,
      0,
      first && `${first.kind} ${first.metadata.name}: ${refusals.get(first)?.at(-1)}`,
    );
  }

  async function until(what: string, holds: () => Promise<boolean>, seconds = 120): Promise<void> {
    for (let waited = 0; waited < seconds; waited++) {
      if (await holds()) return;
      await cluster.clock.sleep(1_000);
    }
    assert.fail(`${what} within ${seconds} simulated seconds`);
  }

  const ofKind = (...kinds: string[]) => release.filter(({ kind }) => kinds.includes(kind));

  before(async () => {
    release = await subject.read();
    typeOf = typesOf(release);
    cluster = await startCluster({ seed: 1 });
    client = createClient({ transport: cluster.transport, userAgent: "scenario" });
    const before = ofKind("Namespace", "CustomResourceDefinition");
    // Written first, so that nothing slips past a webhook that is not there yet.
    const guards = ofKind("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");
    await applyAll(before, 2);
    await cluster.clock.sleep(2_000);
    await applyAll(guards, 1);
    await applyAll(
      release.filter((object) => !before.includes(object) && !guards.includes(object)),
      90,
    );
  });
  after(() => cluster?.stop());

  test("every object is accepted in the end", () => {
    expectCount(release, subject.counts?.objects);
  });

  test("every Certificate becomes Ready and has its Secret", async () => {
    const certificates = ofKind("Certificate").filter(
      ({ apiVersion }) => apiVersion === "cert-manager.io/v1",
    );
    expectCount(certificates, subject.counts?.certificates);
    await until("all Certificates are Ready", async () => {
      const live = await Promise.all(certificates.map((one) => client.get(typeOf(one), one.metadata)));
      return live.every((one) =>
        list(at(one.status, "conditions")).some(({ type, status }) => type === "Ready" && status === "True"),
      );
    });
  });

  test("each webhook of every configuration has a caBundle", async () => {
    const configurations = ofKind("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");
    expectCount(configurations, subject.counts?.configurations);
    let missing: string[] = [];
    await until("all caBundles are there", async () => {
      const live = await Promise.all(configurations.map((one) => client.get(typeOf(one), one.metadata)));
      missing = live.flatMap((one) =>
        list(one.webhooks)
          .filter((webhook) => !at(webhook, "clientConfig", "caBundle"))
          .map((webhook) => `${one.metadata.name}/${webhook.name}`),
      );
      return missing.length === 0;
    }).catch((error) => assert.fail(`${error.message}; missing: ${missing.join(", ")}`));
  });

  test("runtimes are refused until KServe's webhook answers, in the real server's words", () => {
    const runtimes = ofKind("ClusterServingRuntime");
    expectCount(runtimes, subject.counts?.runtimes);
    const call =
      'Internal error occurred: failed calling webhook "clusterservingruntime.kserve-webhook-server.validator": failed to call webhook: Post "https://kserve-webhook-server-service.kubeflow.svc:443/validate-serving-kserve-io-v1alpha1-clusterservingruntime?timeout=10s": ';
    const noService = `${call}service "kserve-webhook-server-service" not found`;
    const noEndpoints = `${call}no endpoints available for service "kserve-webhook-server-service"`;
    for (const runtime of runtimes) {
      const said = new Set(refusals.get(runtime));
      assert.ok(said.has(noEndpoints));
      for (const text of said) assert.ok(text === noService || text === noEndpoints, text);
    }
  });

  test("pods of the mesh have a proxy and are ready", async () => {
    const pods = findBuiltin("", "Pod");
    assert.ok(pods);
    await until("the dashboard's pod is ready", async () => {
      const { items } = await client.list(pods, {
        namespace: "kubeflow",
        labelSelector: "app=centraldashboard",
      });
      return items.some(
        (pod) =>
          list(at(pod.spec, "initContainers")).some(({ name }) => name === "istio-proxy") &&
          list(at(pod.status, "conditions")).some(
            ({ type, status }) => type === "Ready" && status === "True",
          ),
      );
    });
  });

  test("the tenant's namespace is made, labelled and equipped", async () => {
    const namespace = "kubeflow-user-example-com";
    const kinds: [string, string, string][] = [
      ["", "ServiceAccount", "default-editor"],
      ["rbac.authorization.k8s.io", "RoleBinding", "namespaceAdmin"],
      ["", "ConfigMap", "istio-ca-root-cert"],
    ];
    // The starter has no Metacontroller.
    if (ofKind("DecoratorController").length > 0) {
      kinds.push(["", "ConfigMap", "kfp-launcher"], ["", "Secret", "mlpipeline-minio-artifact"]);
    }
    for (const [group, kind, name] of kinds) {
      const type = findBuiltin(group, kind);
      assert.ok(type);
      await until(`${kind} ${name} is there`, () =>
        client.get(type, { namespace, name }).then(
          () => true,
          () => false,
        ),
      );
    }
    const type = findBuiltin("", "Namespace");
    assert.ok(type);
    const { metadata } = await client.get(type, { name: namespace });
    assert.equal(metadata.annotations?.owner, "user@example.com");
    assert.equal(metadata.labels?.["istio-injection"], "enabled");
    assert.equal(metadata.labels?.["app.kubernetes.io/part-of"], "kubeflow-profile");
  });

  test("a pod of the mesh is refused while istiod is away", async () => {
    const deployments = findBuiltin("apps", "Deployment");
    const pods = findBuiltin("", "Pod");
    assert.ok(deployments && pods);
    const pod: KubernetesObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "late", namespace: "kubeflow-user-example-com" },
      spec: { containers: [{ name: "main", image: "example.com/late:v1" }] },
    };
    const create = () => client.create(pods, pod, { dryRun: true });
    await until("the pod is admitted", () =>
      create().then(
        () => true,
        () => false,
      ),
    );
    await client.delete(deployments, { namespace: "istio-system", name: "istiod" });
    await until("the pod is refused", () =>
      create().then(
        () => false,
        (error) => {
          assert.equal(
            error.message,
            'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": no endpoints available for service "istiod"',
          );
          return true;
        },
      ),
    );
  });
}
