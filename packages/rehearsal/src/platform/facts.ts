// Facts about the platform's own servers that nothing on the cluster says: which workload does which work, and
// where a webhook server keeps the certificate that it makes for itself. Names are upstream's defaults.
import type { JsonObject } from "@slipway/yaml";
import type { OwnCertificate } from "../webhooks/serving-certificate.ts";

/** A Deployment or StatefulSet whose readiness stands for that of a controller inside of it. */
export interface WorkloadReference {
  readonly kind: "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
}

const deployment = (namespace: string, name: string): WorkloadReference => ({
  kind: "Deployment",
  namespace,
  name,
});

/** Who does what. */
export const workloads = {
  certManager: deployment("cert-manager", "cert-manager"),
  caInjector: deployment("cert-manager", "cert-manager-cainjector"),
  istiod: deployment("istio-system", "istiod"),
  profiles: deployment("kubeflow", "profiles-deployment"),
  pipelinesProfiles: deployment("kubeflow", "kubeflow-pipelines-profile-controller"),
  metacontroller: { kind: "StatefulSet", namespace: "kubeflow", name: "metacontroller" },
} as const satisfies Record<string, WorkloadReference>;

/** Where cert-manager looks for the Secrets of ClusterIssuers. */
export const clusterResourceNamespace = "cert-manager";

/** What a key of a webhook server's Secret holds. */
export type SecretPart = "authority" | "authority-key" | "certificate" | "certificate-key";

/** A webhook server that makes its own certificate. */
export interface WebhookServer extends OwnCertificate {
  /** The Secret's keys. */
  readonly keys: Readonly<Record<string, SecretPart>>;
  /** False for one that only fills a Secret that the release brings. */
  readonly createsSecret: boolean;
  readonly secretType?: string;
  readonly secretAnnotations?: Readonly<Record<string, string>>;
  /** Whether it writes `caBundle` into the configurations that name its Service; cert-manager's does not. */
  readonly patches: boolean;
  /** What else it writes into webhooks, by their names: the path that it serves, rules where none are rendered. */
  readonly webhooks?: Readonly<Record<string, OwnWebhook>>;
}

/** What a webhook server writes into the entry of one of its webhooks. */
export interface OwnWebhook {
  readonly path: string;
  readonly rules?: readonly JsonObject[];
}

/** cert-controller's keys (open-policy-agent/cert-controller, pkg/rotator): JobSet, Trainer and others mount them. */
export const rotatorKeys = {
  "ca.crt": "authority",
  "ca.key": "authority-key",
  "tls.crt": "certificate",
  "tls.key": "certificate-key",
} as const;

/** knative.dev/pkg webhook/certificates/resources. */
const knativeKeys = {
  "ca-cert.pem": "authority",
  "server-cert.pem": "certificate",
  "server-key.pem": "certificate-key",
} as const;

/** knative.dev/pkg webhook/configmaps: a webhook of this kind wants to see every write of a ConfigMap. */
const configValidation: OwnWebhook = {
  path: "/config-validation",
  rules: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      operations: ["CREATE", "UPDATE"],
      resources: ["configmaps/*"],
      scope: "Namespaced",
    },
  ],
};

const knative = (namespace: string, service: string, secret: string) => ({
  service: { namespace, name: service },
  secret: { namespace, name: secret },
  certificateKey: "server-cert.pem",
  privateKeyKey: "server-key.pem",
  keys: knativeKeys,
  createsSecret: false,
  patches: true,
});

/** Servers whose certificate is not in a Secret that they mount. */
export const webhookServers: readonly WebhookServer[] = [
  {
    // --dynamic-serving-ca-secret-name: an authority in a Secret, the serving certificate in memory.
    service: { namespace: "cert-manager", name: "cert-manager-webhook" },
    secret: { namespace: "cert-manager", name: "cert-manager-webhook-ca" },
    authority: { certificateKey: "tls.crt", privateKey: "tls.key" },
    keys: { "ca.crt": "authority", "tls.crt": "authority", "tls.key": "authority-key" },
    createsSecret: true,
    secretAnnotations: { "cert-manager.io/allow-direct-injection": "true" },
    patches: false,
  },
  {
    // istio security/pkg/pki/ca: the root in a Secret, istiod's own certificate in memory.
    service: { namespace: "istio-system", name: "istiod" },
    secret: { namespace: "istio-system", name: "istio-ca-secret" },
    authority: { certificateKey: "ca-cert.pem", privateKey: "ca-key.pem" },
    keys: { "ca-cert.pem": "authority", "ca-key.pem": "authority-key" },
    createsSecret: true,
    secretType: "istio.io/ca-root",
    patches: true,
  },
  {
    ...knative("knative-serving", "webhook", "webhook-certs"),
    webhooks: {
      "webhook.serving.knative.dev": { path: "/defaulting" },
      "validation.webhook.serving.knative.dev": { path: "/resource-validation" },
      "config.webhook.serving.knative.dev": configValidation,
    },
  },
  {
    // knative-extensions/net-istio cmd/webhook: it changes the Deployments of revisions.
    ...knative("knative-serving", "net-istio-webhook", "net-istio-webhook-certs"),
    webhooks: {
      "config.webhook.istio.networking.internal.knative.dev": configValidation,
      "webhook.istio.networking.internal.knative.dev": {
        path: "/defaulting",
        rules: [
          {
            apiGroups: ["apps"],
            apiVersions: ["v1"],
            operations: ["CREATE", "UPDATE"],
            resources: ["deployments", "deployments/status"],
            scope: "*",
          },
        ],
      },
    },
  },
  knative("knative-eventing", "eventing-webhook", "eventing-webhook-certs"),
  {
    // --webhook-secret-name of spark-operator 2.
    service: { namespace: "kubeflow", name: "spark-operator-webhook-svc" },
    secret: { namespace: "kubeflow", name: "spark-operator-webhook-certs" },
    certificateKey: "server-cert.pem",
    privateKeyKey: "server-key.pem",
    keys: {
      "ca-cert.pem": "authority",
      "ca-key.pem": "authority-key",
      "server-cert.pem": "certificate",
      "server-key.pem": "certificate-key",
    },
    createsSecret: true,
    patches: true,
  },
];
