// What a tenant's namespace holds from the start (profile-controller v1.10, controllers/profile_controller.go).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt } from "../admission/read-json.ts";
import { controllerReference } from "../controllers/runtime/owners.ts";

/**
 * The objects inside of a Profile's namespace, each owned by the Profile. `principals` is the controller's
 * environment: header names and the identities of gateway, pipelines and notebook controller.
 */
export function profileObjects(profile: KubernetesObject, principals: JsonObject): KubernetesObject[] {
  const namespace = profile.metadata.name;
  const owner = objectAt(profile, "spec", "owner");
  const ownerReferences = [controllerReference(profile)];
  const make = (
    apiVersion: string,
    kind: string,
    name: string,
    fields: JsonObject,
    annotations?: { [key: string]: string },
  ): KubernetesObject => ({
    apiVersion,
    kind,
    metadata: { name, namespace, ownerReferences, ...(annotations ? { annotations } : {}) },
    ...fields,
  });
  const bind = (name: string, role: string, subject: JsonObject, annotations?: { [key: string]: string }) =>
    make(
      rbac,
      "RoleBinding",
      name,
      {
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subjects: [subject],
      },
      annotations,
    );
  const account = (name: string) => ({ kind: "ServiceAccount", name, namespace });
  const ownedBy = { user: textAt(owner, "name") ?? "", role: "admin" };
  const objects = [
    make(
      "security.istio.io/v1",
      "AuthorizationPolicy",
      "ns-owner-access-istio",
      {
        spec: ownerAccess(namespace, ownedBy.user, principals),
      },
      ownedBy,
    ),
    make("v1", "ServiceAccount", "default-editor", {}),
    bind("default-editor", "kubeflow-edit", account("default-editor")),
    make("v1", "ServiceAccount", "default-viewer", {}),
    bind("default-viewer", "kubeflow-view", account("default-viewer")),
    bind("namespaceAdmin", "kubeflow-admin", owner, ownedBy),
  ];
  const quota = objectAt(profile, "spec", "resourceQuotaSpec");
  if (Object.keys(objectAt(quota, "hard")).length > 0) {
    objects.push(make("v1", "ResourceQuota", "kf-resource-quota", { spec: quota }));
  }
  return objects;
}

const rbac = "rbac.authorization.k8s.io/v1";

/** The owner through the gateway, the namespace itself, probes, and the notebook controller's idle check. */
function ownerAccess(namespace: string, user: string, principals: JsonObject): JsonObject {
  const header = textAt(principals, "USERID_HEADER") ?? "kubeflow-userid";
  const prefix = textAt(principals, "USERID_PREFIX") ?? "";
  const named = (...keys: string[]) =>
    keys.map((key) => textAt(principals, key)).filter((one) => one !== undefined);
  const gateways = named("ISTIO_INGRESS_GATEWAY_PRINCIPAL", "KFP_UI_PRINCIPAL");
  const notebooks = named("NOTEBOOK_CONTROLLER_PRINCIPAL");
  return {
    action: "ALLOW",
    rules: [
      {
        when: [{ key: `request.headers[${header}]`, values: [`${prefix}${user}`] }],
        ...(gateways.length > 0 ? { from: [{ source: { principals: gateways } }] } : {}),
      },
      { when: [{ key: "source.namespace", values: [namespace] }] },
      { to: [{ operation: { paths: ["/healthz", "/metrics", "/wait-for-drain"] } }] },
      {
        ...(notebooks.length > 0 ? { from: [{ source: { principals: notebooks } }] } : {}),
        to: [{ operation: { methods: ["GET"], paths: ["*/api/kernels"] } }],
      },
    ],
  };
}

/** The labels file: one `key: "value"` a line, comments and quotes as YAML has them. */
export function readNamespaceLabels(file: string): { [key: string]: string } {
  const labels: { [key: string]: string } = {};
  for (const line of file.split("\n")) {
    const match = /^([^\s#:][^\s:]*):\s*(?:"([^"]*)"|'([^']*)'|([^\s#]*))\s*(?:#.*)?$/.exec(line);
    if (match?.[1]) labels[match[1]] = match[2] ?? match[3] ?? match[4] ?? "";
  }
  return labels;
}
