// Imitates the profile controller: each Profile gets its namespace with labels, service accounts, role bindings,
// the owner's AuthorizationPolicy and a quota. Leaves out plugins (cloud identities) and access management (KFAM).
import {
  builtin,
  findBuiltin,
  groupOf,
  isApiError,
  type KubernetesObject,
  type ResourceType,
} from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, textAt, valueAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { controllerReference } from "../controllers/runtime/owners.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { withConditions } from "./conditions.ts";
import { followCustomResources } from "./custom-resources.ts";
import { workloads } from "./facts.ts";
import { profileObjects, readNamespaceLabels } from "./profile-objects.ts";
import { createWorkloadGate } from "./workload-gate.ts";

const namespaces = builtin("", "Namespace");
const configMaps = builtin("", "ConfigMap");
const deployments = builtin("apps", "Deployment");
const finalizer = "profile-finalizer";
const manager = "profile-controller";

/** Makes tenants while the profiles Deployment is available. */
export function runProfiles(environment: Environment): void {
  const { caches, client, clock } = environment;
  const gate = createWorkloadGate(environment, [workloads.profiles]);
  const namespaceCache = caches.follow(namespaces);
  const configMapCache = caches.follow(configMaps);
  const deploymentCache = caches.follow(deployments);
  const profiles = followCustomResources(environment, { group: "kubeflow.org", resource: "profiles" });
  const policies = followCustomResources(environment, {
    group: "security.istio.io",
    resource: "authorizationpolicies",
  });

  const controller = runController(environment, { name: manager, manager, reconcile });
  profiles.onChange(({ metadata }) => controller.enqueue(metadata.name));
  controller.watch(namespaceCache, ({ metadata }) => (profiles.get(metadata.name) ? [metadata.name] : []));
  gate.onChange(() => {
    for (const { metadata } of profiles.list()) controller.enqueue(metadata.name);
  });

  async function reconcile(name: string, { write }: ControllerTools): Promise<void> {
    const profile = profiles.get(name);
    const type = profiles.type();
    if (!gate.isOpen() || !profile || !type) return;
    if (profile.metadata.deletionTimestamp) {
      await setFinalizers(type, profile, []);
      return;
    }
    const owner = textAt(profile, "spec", "owner", "name") ?? "";
    const present = namespaceCache.get(name);
    if (present && present.metadata.annotations?.owner !== owner) {
      await fail(type, profile, `namespace already exist, but not owned by profile creator ${owner}`);
      return;
    }
    const labels = { "istio-injection": "enabled", ...configuredLabels() };
    const namespace = namespaceOf(profile, owner, present, labels);
    if (!present) await write.create(namespaces, namespace);
    else if (lacksLabels(present, namespace)) {
      const patch = { metadata: { labels: namespace.metadata.labels ?? {} } };
      await write.patch(namespaces, present, { type: "merge", patch });
    }
    for (const object of profileObjects(profile, principals())) await ensure(object);
    await setFinalizers(type, profile, [finalizer]);
  }

  /** Creates what is missing; what is there already is left to its owner. */
  async function ensure(object: KubernetesObject): Promise<void> {
    const type = findBuiltin(groupOf(object.apiVersion), object.kind) ?? policies.type();
    if (!type || type.kind !== object.kind) return;
    try {
      await client.get(type, object.metadata);
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
      await client.create(type, { ...object, apiVersion: apiVersionOf(type) }, { fieldManager: manager });
    }
  }

  async function setFinalizers(
    type: ResourceType,
    profile: KubernetesObject,
    wanted: readonly string[],
  ): Promise<void> {
    const others = (profile.metadata.finalizers ?? []).filter((one) => one !== finalizer);
    const finalizers = [...others, ...wanted];
    if (finalizers.length === (profile.metadata.finalizers ?? []).length) return;
    const patch = { metadata: { finalizers, resourceVersion: profile.metadata.resourceVersion ?? "" } };
    await client.patch(type, profile.metadata, { type: "merge", patch }, { fieldManager: manager });
  }

  async function fail(type: ResourceType, profile: KubernetesObject, message: string): Promise<void> {
    const wanted = [{ type: "Failed", status: "True", reason: "Failed", message }] as const;
    if (objectsAt(profile, "status", "conditions").some((one) => one.message === message)) return;
    const conditions = withConditions(profile, wanted, clock)?.map(
      ({ type: kind, status, message: text }) => ({
        type: kind,
        status,
        message: text,
      }),
    );
    if (!conditions) return;
    await client.patch(
      type,
      profile.metadata,
      { type: "merge", patch: { status: { conditions } } },
      { subresource: "status", fieldManager: manager },
    );
  }

  /** The labels of the file that the Deployment mounts. */
  function configuredLabels(): Readonly<Record<string, string>> {
    const { namespace, name } = workloads.profiles;
    const pod = objectAt(deploymentCache.get(name, namespace), "spec", "template", "spec");
    for (const volume of objectsAt(pod, "volumes")) {
      const configMap = configMapCache.get(textAt(volume, "configMap", "name") ?? "", namespace);
      const file = textAt(configMap, "data", "namespace-labels.yaml");
      if (file) return readNamespaceLabels(file);
    }
    return {};
  }

  /** Who may reach a tenant's workloads, from the ConfigMap that configures the controller's environment. */
  function principals(): JsonObject {
    const { namespace, name } = workloads.profiles;
    const pod = objectAt(deploymentCache.get(name, namespace), "spec", "template", "spec");
    for (const source of objectsAt(pod, "containers").flatMap((one) => objectsAt(one, "envFrom"))) {
      const configMap = configMapCache.get(textAt(source, "configMapRef", "name") ?? "", namespace);
      if (valueAt(configMap, "data", "ISTIO_INGRESS_GATEWAY_PRINCIPAL")) return objectAt(configMap, "data");
    }
    return {};
  }
}

function namespaceOf(
  profile: KubernetesObject,
  owner: string,
  present: KubernetesObject | undefined,
  wanted: Readonly<Record<string, string>>,
): KubernetesObject {
  // A label that is there already is never overwritten; an empty value takes the label away.
  const labels = { ...wanted, ...present?.metadata.labels };
  for (const [key, value] of Object.entries(wanted)) if (value === "") delete labels[key];
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: profile.metadata.name,
      annotations: { owner },
      labels,
      ownerReferences: [controllerReference(profile)],
    },
  };
}

function lacksLabels(present: KubernetesObject, wanted: KubernetesObject): boolean {
  return Object.entries(wanted.metadata.labels ?? {}).some(
    ([key, value]) => present.metadata.labels?.[key] !== value,
  );
}

function apiVersionOf({ group, version }: ResourceType): string {
  return group === "" ? version : `${group}/${version}`;
}
