import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { createRandom } from "../clock/random.ts";
import { createVirtualClock } from "../clock/virtual-clock.ts";
import { createCertificateAuthority, issueCertificate } from "../pki/certificate.ts";
import type { AdmissionVerdict, WebhookBackend } from "../webhooks/backend.ts";
import { createWebhookCaller } from "../webhooks/call-webhook.ts";
import { createServingFinder } from "../webhooks/serving-certificate.ts";
import { createTestAttributes, createTestReader } from "./testing.ts";
import { validatingAdmissionWebhook } from "./webhook-admission.ts";

const start = Date.UTC(2026, 0, 1);
const random = createRandom(1);
const authority = createCertificateAuthority({ commonName: "guard-ca", now: start, random });
const leaf = issueCertificate({
  dnsNames: ["guard.sys.svc"],
  notBefore: start,
  notAfter: start + 1e10,
  random,
  issuer: authority,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

const service: KubernetesObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "guard", namespace: "sys" },
  spec: { ports: [{ port: 443, targetPort: 9443 }] },
};
const slice: KubernetesObject = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: "guard-1", namespace: "sys", labels: { "kubernetes.io/service-name": "guard" } },
  ports: [{ port: 9443 }],
  endpoints: [
    {
      addresses: ["10.244.0.9"],
      conditions: { ready: true },
      targetRef: { kind: "Pod", name: "guard-pod" },
    },
  ],
};
const pod: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "guard-pod", namespace: "sys" },
  spec: { volumes: [{ name: "tls", secret: { secretName: "guard-tls" } }] },
};
const secret: KubernetesObject = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "guard-tls", namespace: "sys" },
  data: { "tls.crt": base64(leaf.certificate), "tls.key": base64(leaf.key) },
};

function configuration(change: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "guard" },
    webhooks: [
      {
        name: "guard.example.com",
        admissionReviewVersions: ["v1"],
        clientConfig: {
          service: { name: "guard", namespace: "sys", path: "/check" },
          caBundle: base64(authority.certificate),
        },
        rules: [
          { apiGroups: ["example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["widgets"] },
        ],
        failurePolicy: "Fail",
        sideEffects: "None",
        timeoutSeconds: 10,
        ...change,
      },
    ],
  };
}

const widget: KubernetesObject = {
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name: "w", namespace: "team", labels: { size: "small" } },
};
const team: KubernetesObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "team", labels: { guarded: "yes" } },
};
const healthy = [service, slice, pod, secret, team];

interface Trial {
  readonly objects?: readonly KubernetesObject[];
  readonly webhook?: JsonObject;
  readonly backend?: WebhookBackend;
  readonly attributes?: Parameters<typeof createTestAttributes>[1];
  readonly object?: KubernetesObject;
}

/** Runs one write through the webhook and tells how often it was asked. */
async function admit({ objects = healthy, webhook = {}, backend, attributes, object = widget }: Trial) {
  const clock = createVirtualClock({ start });
  let asked = 0;
  const counting: WebhookBackend = {
    admit: (request, context) => {
      asked += 1;
      return backend?.admit?.(request, context) ?? { allowed: true };
    },
  };
  const call = createWebhookCaller({
    clock,
    findBackend: () => counting,
    findServing: createServingFinder({ clock, random, own: [] }),
  });
  const plugin = validatingAdmissionWebhook({ call, random });
  const reader = createTestReader([...objects, configuration(webhook)]);
  try {
    await plugin.validate!(createTestAttributes(object, attributes), reader);
    return { asked, warnings: reader.warnings };
  } finally {
    clock.stop();
  }
}

const without = (gone: KubernetesObject) => healthy.filter((one) => one !== gone);
const prefix =
  'Internal error occurred: failed calling webhook "guard.example.com": failed to call webhook: Post "https://guard.sys.svc:443/check?timeout=10s": ';

test("a webhook that answers is asked once", async () => {
  assert.equal((await admit({})).asked, 1);
});

test("a webhook that cannot be reached fails the write with the API server's text", async () => {
  const cases: [string, readonly KubernetesObject[], string][] = [
    ["no service", without(service), 'service "guard" not found'],
    ["no endpoint", without(slice), 'no endpoints available for service "guard"'],
    ["no certificate yet", without(secret), "dial tcp 10.244.0.9:9443: connect: connection refused"],
  ];
  for (const [name, objects, text] of cases) {
    await assert.rejects(
      admit({ objects }),
      { code: 500, reason: "InternalError", message: prefix + text },
      name,
    );
  }
});

test("a certificate that the caBundle does not vouch for fails the write", async () => {
  const clientConfig = { service: { name: "guard", namespace: "sys", path: "/check" } };
  await assert.rejects(admit({ webhook: { clientConfig } }), {
    message: `${prefix}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
  });
});

test("a certificate for another name fails the write", async () => {
  const other = issueCertificate({
    dnsNames: ["other.sys.svc"],
    notBefore: start,
    notAfter: start + 1e10,
    random,
    issuer: authority,
  });
  const wrong = { ...secret, data: { "tls.crt": base64(other.certificate) } };
  await assert.rejects(admit({ objects: [...without(secret), wrong] }), {
    message: `${prefix}tls: failed to verify certificate: x509: certificate is valid for other.sys.svc, not guard.sys.svc`,
  });
});

test("a webhook that takes too long fails the write when its time is up", async () => {
  const backend: WebhookBackend = { admit: () => new Promise<AdmissionVerdict>(() => {}) };
  await assert.rejects(admit({ backend }), { message: `${prefix}context deadline exceeded` });
});

test("failurePolicy Ignore lets the write pass, but not a refusal", async () => {
  assert.equal((await admit({ objects: [team], webhook: { failurePolicy: "Ignore" } })).asked, 0);
  const backend: WebhookBackend = {
    admit: () => ({
      allowed: false,
      status: { message: "too many widgets", code: 403, reason: "Forbidden" },
    }),
  };
  await assert.rejects(admit({ backend, webhook: { failurePolicy: "Ignore" } }), {
    code: 403,
    message: 'admission webhook "guard.example.com" denied the request: too many widgets',
  });
});

test("a refusal without a code or a word is a bad request", async () => {
  await assert.rejects(admit({ backend: { admit: () => ({ allowed: false }) } }), {
    code: 400,
    message: 'admission webhook "guard.example.com" denied the request without explanation',
  });
});

test("warnings of the webhook reach the client", async () => {
  const backend: WebhookBackend = { admit: () => ({ allowed: true, warnings: ["mind the gap"] }) };
  assert.deepEqual((await admit({ backend })).warnings, ["mind the gap"]);
});

test("a dry run is refused where side effects may follow", async () => {
  const attributes = { dryRun: true };
  await assert.rejects(admit({ attributes, webhook: { sideEffects: "Some" } }), {
    code: 400,
    message: 'admission webhook "guard.example.com" does not support dry run',
  });
  assert.equal((await admit({ attributes, webhook: { sideEffects: "NoneOnDryRun" } })).asked, 1);
});

test("rules, selectors and match policy decide whether it is asked", async () => {
  const rule = (change: JsonObject) => ({
    rules: [
      {
        apiGroups: ["example.com"],
        apiVersions: ["v1"],
        operations: ["CREATE"],
        resources: ["widgets"],
        ...change,
      },
    ],
  });
  const expectations: [string, Trial, number][] = [
    ["another operation", { attributes: { operation: "DELETE" } }, 0],
    ["a subresource", { attributes: { subresource: "status" } }, 0],
    [
      "its status, by */*",
      { attributes: { subresource: "status" }, webhook: rule({ resources: ["*/*"] }) },
      1,
    ],
    [
      "* is no subresource",
      { attributes: { subresource: "status" }, webhook: rule({ resources: ["*"] }) },
      0,
    ],
    ["another group", { webhook: rule({ apiGroups: ["example.org"] }) }, 0],
    ["cluster scope only", { webhook: rule({ scope: "Cluster" }) }, 0],
    ["namespace selected", { webhook: { namespaceSelector: { matchLabels: { guarded: "yes" } } } }, 1],
    ["namespace not selected", { webhook: { namespaceSelector: { matchLabels: { guarded: "no" } } } }, 0],
    ["object not selected", { webhook: { objectSelector: { matchLabels: { size: "large" } } } }, 0],
  ];
  for (const [name, trial, asked] of expectations) assert.equal((await admit(trial)).asked, asked, name);
});

test("another served version of the same kind is equivalent unless the policy is exact", async () => {
  const definition: KubernetesObject = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      versions: [
        { name: "v1", served: true },
        { name: "v2", served: true },
      ],
    },
  };
  const object = { ...widget, apiVersion: "example.com/v2" };
  let seen = "";
  const backend: WebhookBackend = {
    admit: (request) => {
      seen = request.object?.apiVersion ?? "";
      return { allowed: true };
    },
  };
  const objects = [...healthy, definition];
  assert.equal((await admit({ objects, object, backend })).asked, 1);
  assert.equal(seen, "example.com/v1");
  assert.equal((await admit({ objects, object, webhook: { matchPolicy: "Exact" } })).asked, 0);
});

test("webhook configurations themselves are never sent to a webhook", async () => {
  const webhook = {
    rules: [
      {
        apiGroups: ["*"],
        apiVersions: ["*"],
        operations: ["*"],
        resources: ["*/*"],
      },
    ],
  };
  assert.equal((await admit({ object: configuration(), webhook })).asked, 0);
  assert.equal((await admit({ object: team, webhook })).asked, 1);
});
