// Small objects for this package's tests.
import type { KubernetesObject } from "@slipway/kubernetes/objects";
import type { Json, JsonObject } from "@slipway/yaml";
import type { GraphInput } from "./types.ts";

export function inputs(...objects: readonly KubernetesObject[]): GraphInput[] {
  return objects.map((object) => ({ object }));
}

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  rest: {
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly spec?: JsonObject;
  } = {},
): KubernetesObject {
  const { namespace, labels, spec } = rest;
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) },
    ...(spec ? { spec } : {}),
  };
}

export function configMap(namespace: string, name: string): KubernetesObject {
  return object("v1", "ConfigMap", name, { namespace });
}

/** Its pods have the label `app=<name>`. */
export function deployment(namespace: string, name: string, podSpec: JsonObject): KubernetesObject {
  return object("apps/v1", "Deployment", name, {
    namespace,
    spec: { template: { metadata: { labels: { app: name } }, spec: podSpec } },
  });
}

export function service(namespace: string, name: string, selector: Record<string, string>): KubernetesObject {
  return object("v1", "Service", name, { namespace, spec: { selector } });
}

/** A cluster-scoped kind; the first version is stored, all are served. */
export function crd(
  group: string,
  kind: string,
  plural: string,
  rest: { readonly versions?: readonly string[]; readonly conversion?: JsonObject } = {},
): KubernetesObject {
  const scope = group === "cert-manager.io" || rest.versions === undefined ? "Namespaced" : "Cluster";
  return object("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${plural}.${group}`, {
    spec: {
      group,
      scope,
      names: { kind, plural },
      versions: (rest.versions ?? ["v1"]).map(
        (name, index): Json => ({ name, served: true, storage: index === 0 }),
      ),
      ...(rest.conversion ? { conversion: rest.conversion } : {}),
    },
  });
}

/** Its webhooks are called `w0.example.com`, `w1.example.com` and so on. */
export function webhookConfiguration(
  name: string,
  calls: { readonly namespace: string; readonly name: string },
  webhooks: readonly JsonObject[],
): KubernetesObject {
  return {
    ...object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", name),
    webhooks: webhooks.map((webhook, index) => ({
      name: `w${index}.example.com`,
      clientConfig: { service: { ...calls } },
      ...webhook,
    })),
  };
}
