// Imitates cert-manager's CA injector: `caBundle` of webhook configurations, conversion webhooks and APIServices
// that its annotations name. Leaves out `inject-apiserver-ca`, and Certificates' Secrets that others have made.
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt, valueAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { followCustomResources } from "./custom-resources.ts";
import { workloads } from "./facts.ts";
import { createWorkloadGate } from "./workload-gate.ts";

const fromCertificate = "cert-manager.io/inject-ca-from";
const manager = "cert-manager-cainjector";
const fromSecret = "cert-manager.io/inject-ca-from-secret";
const secrets = builtin("", "Secret");
const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
const injectables = [
  builtin("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
  builtin("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
  definitions,
  builtin("apiregistration.k8s.io", "APIService"),
];

/** Injects while the cainjector Deployment is available. */
export function runCaInjector(environment: Environment): void {
  const { caches, client } = environment;
  const gate = createWorkloadGate(environment, [workloads.caInjector]);
  const secretCache = caches.follow(secrets);
  const certificates = followCustomResources(environment, {
    group: "cert-manager.io",
    resource: "certificates",
  });
  const targets = injectables.map((type) => ({
    type,
    // Definitions are large, and few of them are targets.
    cache: type === definitions ? caches.followMetadata(type) : caches.follow(type),
  }));

  const controller = runController(environment, {
    name: "cainjector",
    manager,
    reconcile,
  });
  const keyOf = ({ kind, metadata }: KubernetesObject) => `${kind}/${metadata.name}`;
  const isTarget = ({ metadata }: KubernetesObject) =>
    metadata.annotations?.[fromCertificate] !== undefined || metadata.annotations?.[fromSecret] !== undefined;
  const targetKeys = () => targets.flatMap(({ cache }) => cache.list().filter(isTarget).map(keyOf));
  const enqueueAll = () => {
    for (const key of targetKeys()) controller.enqueue(key);
  };
  for (const { cache } of targets)
    controller.watch(cache, (object) => (isTarget(object) ? [keyOf(object)] : []));
  controller.watch(secretCache, (secret) => (mayBeInjected(secret) ? targetKeys() : []));
  certificates.onChange(enqueueAll);
  gate.onChange(enqueueAll);

  async function reconcile(key: string, { write }: ControllerTools): Promise<void> {
    if (!gate.isOpen()) return;
    const [kind, name = ""] = key.split("/");
    const target = targets.find(({ type }) => type.kind === kind);
    const known = target?.cache.get(name);
    const caBundle = known && bundleFor(known);
    if (!target || !caBundle) return;
    const isDefinition = target.type === definitions;
    const object = isDefinition ? await client.get(definitions, { name }) : known;
    const patch = patchFor(object, caBundle);
    if (!patch) return;
    // To see a definition that the writer has written, it would follow all of them.
    if (isDefinition) await client.patch(definitions, object.metadata, patch, { fieldManager: manager });
    else await write.patch(target.type, object, patch);
  }

  /** The authority's certificate, encoded as a Secret holds it, when everything it hangs on is there. */
  function bundleFor(object: KubernetesObject): string | undefined {
    const certificateName = object.metadata.annotations?.[fromCertificate];
    if (certificateName) {
      const [namespace = "", name = ""] = certificateName.split("/");
      const certificate = certificates.get(name, namespace);
      const secret = secretCache.get(textAt(certificate, "spec", "secretName") ?? "", namespace);
      const isOwn = secret?.metadata.annotations?.["cert-manager.io/certificate-name"] === name;
      return isOwn ? textAt(secret, "data", "ca.crt") : undefined;
    }
    const [namespace = "", name = ""] = (object.metadata.annotations?.[fromSecret] ?? "").split("/");
    const secret = secretCache.get(name, namespace);
    return secret && allowsInjection(secret) ? textAt(secret, "data", "ca.crt") : undefined;
  }
}

function mayBeInjected(secret: KubernetesObject): boolean {
  const isIssued = secret.metadata.annotations?.["cert-manager.io/certificate-name"] !== undefined;
  return isIssued || allowsInjection(secret);
}

function allowsInjection(secret: KubernetesObject): boolean {
  return secret.metadata.annotations?.["cert-manager.io/allow-direct-injection"] === "true";
}

/** What brings the object's caBundles to this value; undefined when they have it, or there is no place for one. */
function patchFor(
  object: KubernetesObject,
  caBundle: string,
): { readonly type: "strategic" | "merge"; readonly patch: JsonObject } | undefined {
  if (object.kind === "APIService") {
    if (textAt(object, "spec", "caBundle") === caBundle) return undefined;
    return { type: "merge", patch: { spec: { caBundle } } };
  }
  if (object.kind === "CustomResourceDefinition") {
    const at = ["spec", "conversion", "webhook", "clientConfig"];
    if (!valueAt(object, ...at) || textAt(object, ...at, "caBundle") === caBundle) return undefined;
    return { type: "merge", patch: { spec: { conversion: { webhook: { clientConfig: { caBundle } } } } } };
  }
  const webhooks = objectsAt(object, "webhooks")
    .filter((webhook) => textAt(webhook, "clientConfig", "caBundle") !== caBundle)
    .map(({ name }) => ({ name, clientConfig: { caBundle } }));
  return webhooks.length > 0 ? { type: "strategic", patch: { webhooks } } : undefined;
}
