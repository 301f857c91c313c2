// Imitates webhook servers that make their own certificate (istiod, Knative, JobSet, Trainer, Spark operator,
// cert-manager's webhook): the Secret, `caBundle`, and rules where none are rendered. Leaves out renewal, the time
// that a kubelet takes to refresh a mounted Secret, and the conversion webhooks of CustomResourceDefinitions.
import { builtin, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { keyOf, splitKey } from "../controllers/runtime/owners.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { controllerSteps } from "../kubelet/time-model.ts";
import { createCertificateAuthority, issueCertificate } from "../pki/certificate.ts";
import { serviceOf } from "../webhooks/call-webhook.ts";
import { isReadyEndpoint } from "../webhooks/service-route.ts";
import { decodeSecret, mountedSecrets } from "../webhooks/serving-certificate.ts";
import { rotatorKeys, type WebhookServer, webhookServers } from "./facts.ts";

const endpointSlices = builtin("discovery.k8s.io", "EndpointSlice");
const pods = builtin("", "Pod");
const secrets = builtin("", "Secret");
const configurationTypes = [
  builtin("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
  builtin("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
];
const tenYears = 3650 * 86_400_000;

/** Keeps the certificates of all servers of {@link webhookServers}, and of those that mount an empty Secret. */
export function runWebhookCertificates(environment: Environment): void {
  const { caches, clock, random, signal } = environment;
  const slices = caches.follow(endpointSlices);
  const podCache = caches.follow(pods);
  const secretCache = caches.follow(secrets);
  const configurations = configurationTypes.map((type) => ({ type, cache: caches.follow(type) }));

  const controller = runController(environment, {
    name: "webhook-certificates",
    manager: "webhook",
    reconcile,
  });
  controller.watch(slices, (slice) => {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"];
    return service ? [`${slice.metadata.namespace}/${service}`] : [];
  });
  controller.watch(secretCache, (secret) =>
    webhookServers
      .filter((server) => keyOf(secret) === `${server.secret.namespace}/${server.secret.name}`)
      .map((server) => `${server.service.namespace}/${server.service.name}`),
  );
  for (const { cache } of configurations) controller.watch(cache, servicesOf);

  async function reconcile(key: string, { write }: ControllerTools): Promise<void> {
    const { namespace = "", name } = splitKey(key);
    const ready = readyPod(namespace, name);
    if (!ready) return;
    const server = serverOf(namespace, name, ready);
    if (!server) return;
    let secret = secretCache.get(server.secret.name, server.secret.namespace);
    if (!secret && !server.createsSecret) return;
    if (!isComplete(server, secret)) {
      await clock.sleep(controllerSteps.ownCertificateMs, signal);
      const data = makeCertificate(server);
      secret = secret
        ? await write.patch(secrets, secret, { type: "merge", patch: { data } })
        : await write.create(secrets, secretOf(server, data));
    }
    const caBundle = bundleOf(server, secret);
    if (!server.patches || !caBundle) return;
    for (const { type, cache } of configurations) {
      for (const configuration of cache.list()) {
        await patchConfiguration(write, type, configuration, server, caBundle);
      }
    }
  }

  /** A pod behind the Service that is ready; undefined while there is none. */
  function readyPod(namespace: string, service: string): KubernetesObject | undefined {
    for (const slice of slices.list(namespace)) {
      if (slice.metadata.labels?.["kubernetes.io/service-name"] !== service) continue;
      for (const endpoint of objectsAt(slice, "endpoints").filter(isReadyEndpoint)) {
        const pod = podCache.get(textAt(endpoint, "targetRef", "name") ?? "", namespace);
        if (pod) return pod;
      }
    }
    return undefined;
  }

  /** A known server, or one of cert-controller's shape: its webhooks' Secret is mounted and nobody else fills it. */
  function serverOf(namespace: string, name: string, pod: KubernetesObject): WebhookServer | undefined {
    const known = webhookServers.find(
      ({ service }) => service.namespace === namespace && service.name === name,
    );
    if (known) return known;
    const isWanted = configurations.some(({ cache }) =>
      cache.list().some((one) => servicesOf(one).includes(`${namespace}/${name}`)),
    );
    const mounted = isWanted ? mountedSecrets(pod) : [];
    const own = mounted.find((secret) => {
      const present = secretCache.get(secret, namespace);
      return present && !present.metadata.annotations?.["cert-manager.io/certificate-name"];
    });
    if (!own) return undefined;
    return {
      service: { namespace, name },
      secret: { namespace, name: own },
      keys: rotatorKeys,
      createsSecret: false,
      patches: true,
    };
  }

  function makeCertificate({ service, keys }: WebhookServer): { [key: string]: string } {
    const now = clock.now();
    const names = [service.name, `${service.name}.${service.namespace}`];
    const authority = createCertificateAuthority({
      commonName: `${service.name}-ca`,
      organization: service.namespace,
      now,
      random,
    });
    const leaf = issueCertificate({
      commonName: `${service.name}.${service.namespace}.svc`,
      dnsNames: [...names, `${service.name}.${service.namespace}.svc`],
      notBefore: now,
      notAfter: now + tenYears,
      random,
      issuer: authority,
    });
    const parts = {
      authority: authority.certificate,
      "authority-key": authority.key,
      certificate: leaf.certificate,
      "certificate-key": leaf.key,
    };
    return Object.fromEntries(
      Object.entries(keys).map(([key, part]) => [key, Buffer.from(parts[part]).toString("base64")]),
    );
  }
}

/** The Services whose caBundle is the server's own business: those of webhooks that cert-manager does not inject. */
function servicesOf(configuration: KubernetesObject): string[] {
  const annotations = Object.keys(configuration.metadata.annotations ?? {});
  if (annotations.some((name) => name.startsWith("cert-manager.io/inject-"))) return [];
  const services = objectsAt(configuration, "webhooks").map((webhook) => {
    const service = serviceOf(objectAt(webhook, "clientConfig"));
    return service ? `${service.namespace}/${service.name}` : "";
  });
  return [...new Set(services)].filter((key) => key !== "");
}

function isComplete(server: WebhookServer, secret: KubernetesObject | undefined): boolean {
  return Object.keys(server.keys).every((key) => decodeSecret(secret, key) !== undefined);
}

function bundleOf(server: WebhookServer, secret: KubernetesObject | undefined): string | undefined {
  const key = Object.keys(server.keys).find((name) => server.keys[name] === "authority");
  return key ? textAt(secret, "data", key) : undefined;
}

function secretOf(server: WebhookServer, data: { [key: string]: string }): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      ...server.secret,
      ...(server.secretAnnotations ? { annotations: { ...server.secretAnnotations } } : {}),
    },
    type: server.secretType ?? "Opaque",
    data,
  };
}

async function patchConfiguration(
  write: ControllerTools["write"],
  type: ResourceType,
  configuration: KubernetesObject,
  server: WebhookServer,
  caBundle: string,
): Promise<void> {
  const key = `${server.service.namespace}/${server.service.name}`;
  if (!servicesOf(configuration).includes(key)) return;
  const webhooks = objectsAt(configuration, "webhooks").flatMap((webhook) => {
    const service = serviceOf(objectAt(webhook, "clientConfig"));
    if (!service || `${service.namespace}/${service.name}` !== key) return [];
    const change = changeOf(webhook, server, caBundle);
    return change ? [change] : [];
  });
  if (webhooks.length > 0) {
    await write.patch(type, configuration, { type: "strategic", patch: { webhooks } });
  }
}

/** The patch of one entry, by its name; undefined when it is as the server wants it. */
function changeOf(webhook: JsonObject, server: WebhookServer, caBundle: string): JsonObject | undefined {
  const name = String(webhook.name);
  const own = server.webhooks?.[name];
  const path = own && own.path !== textAt(webhook, "clientConfig", "service", "path") ? own.path : undefined;
  const rules = objectsAt(webhook, "rules").length === 0 ? own?.rules : undefined;
  if (textAt(webhook, "clientConfig", "caBundle") === caBundle && !path && !rules) return undefined;
  const clientConfig = { caBundle, ...(path ? { service: { path } } : {}) };
  return { name, clientConfig, ...(rules ? { rules: [...rules] } : {}) };
}
