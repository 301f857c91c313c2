// The ClusterRoles of every cluster that people and platforms build upon (rbac-defaults of Kubernetes 1.36).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";

const READ = "get list watch";
const WRITE = "create delete deletecollection patch update";
const ALL = "create delete deletecollection get list patch update watch";

/** A rule per line: verbs | groups (`core` for "") | resources. Lines with URLs: verbs | url | paths. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  "cluster-admin": ["* | * | *", "* | url | *"],
  "system:aggregate-to-admin": [
    "create | authorization.k8s.io | localsubjectaccessreviews",
    `${ALL} | rbac.authorization.k8s.io | rolebindings roles`,
  ],
  "system:aggregate-to-edit": [
    `${READ} | core | pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy`,
    "impersonate | core | serviceaccounts",
    `${WRITE} | core | pods pods/attach pods/exec pods/portforward pods/proxy`,
    "create | core | pods/eviction",
    `${WRITE} | core | configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy`,
    "create | core | serviceaccounts/token",
    `${WRITE} | core events.k8s.io | events`,
    `${WRITE} | apps | daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale`,
    `${WRITE} | autoscaling | horizontalpodautoscalers`,
    `${WRITE} | batch | cronjobs jobs`,
    `${WRITE} | extensions | daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale`,
    `${WRITE} | policy | poddisruptionbudgets`,
    `${WRITE} | networking.k8s.io | ingresses networkpolicies`,
    `${ALL} | coordination.k8s.io | leases`,
    `${WRITE} | resource.k8s.io | resourceclaims resourceclaimtemplates`,
  ],
  "system:aggregate-to-view": [
    `${READ} | core | configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status`,
    `${READ} | core | bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status`,
    `${READ} | core | namespaces`,
    `${READ} | core events.k8s.io | events`,
    `${READ} | discovery.k8s.io | endpointslices`,
    `${READ} | apps | controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status`,
    `${READ} | autoscaling | horizontalpodautoscalers horizontalpodautoscalers/status`,
    `${READ} | batch | cronjobs cronjobs/status jobs jobs/status`,
    `${READ} | extensions | daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale`,
    `${READ} | policy | poddisruptionbudgets poddisruptionbudgets/status`,
    `${READ} | networking.k8s.io | ingresses ingresses/status networkpolicies`,
    `${READ} | resource.k8s.io | resourceclaims resourceclaims/status resourceclaimtemplates`,
  ],
  "system:auth-delegator": [
    "create | authentication.k8s.io | tokenreviews",
    "create | authorization.k8s.io | subjectaccessreviews",
  ],
  "system:basic-user": [
    "create | authorization.k8s.io | selfsubjectaccessreviews selfsubjectrulesreviews",
    "create | authentication.k8s.io | selfsubjectreviews",
  ],
  "system:discovery": [
    "get | url | /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/",
  ],
  "system:public-info-viewer": ["get | url | /healthz /livez /readyz /version /version/"],
};

/** Roles whose rules are the union of those that carry a label, and the role that they are part of themselves. */
const AGGREGATED: readonly { readonly name: string; readonly partOf?: string }[] = [
  { name: "admin" },
  { name: "edit", partOf: "admin" },
  { name: "view", partOf: "edit" },
];

const BINDINGS: readonly { readonly role: string; readonly groups: readonly string[] }[] = [
  { role: "cluster-admin", groups: ["system:masters"] },
  { role: "system:basic-user", groups: ["system:authenticated"] },
  { role: "system:discovery", groups: ["system:authenticated"] },
  { role: "system:public-info-viewer", groups: ["system:authenticated", "system:unauthenticated"] },
];

const RBAC = "rbac.authorization.k8s.io";
const AGGREGATE_TO = `${RBAC}/aggregate-to-`;

/** The default ClusterRoles and their bindings, and the one Role that extension servers are bound to. */
export function buildBootstrapRoles(): KubernetesObject[] {
  const roles = Object.entries(RULES).map(([name, rules]) => {
    const part = /^system:aggregate-to-(.*)$/.exec(name)?.[1];
    return role(
      "ClusterRole",
      name,
      { rules: rules.map(parseRule) },
      part ? { [AGGREGATE_TO + part]: "true" } : {},
    );
  });
  const aggregated = AGGREGATED.map(({ name, partOf }) => {
    const selector = { matchLabels: { [AGGREGATE_TO + name]: "true" } };
    const labels = partOf ? { [AGGREGATE_TO + partOf]: "true" } : {};
    return role(
      "ClusterRole",
      name,
      { aggregationRule: { clusterRoleSelectors: [selector] }, rules: [] },
      labels,
    );
  });
  const bindings = BINDINGS.map(({ role: name, groups }) =>
    role("ClusterRoleBinding", name, {
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
      subjects: groups.map((group) => ({ kind: "Group", apiGroup: RBAC, name: group })),
    }),
  );
  const reader = role("Role", "extension-apiserver-authentication-reader", {
    rules: [
      {
        ...parseRule(`${READ} | core | configmaps`),
        resourceNames: ["extension-apiserver-authentication"],
      },
    ],
  });
  reader.metadata.namespace = "kube-system";
  return [...roles, ...aggregated, ...bindings, reader];
}

function role(
  kind: "ClusterRole" | "ClusterRoleBinding" | "Role",
  name: string,
  body: JsonObject,
  labels: { [key: string]: string } = {},
): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind,
    metadata: {
      name,
      labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
      annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
    },
    ...body,
  };
}

function parseRule(line: string): JsonObject {
  const [verbs = [], groups = [], resources = []] = line.split(" | ").map((part) => part.split(" "));
  if (groups[0] === "url") return { verbs, nonResourceURLs: resources };
  return { verbs, apiGroups: groups.map((group) => (group === "core" ? "" : group)), resources };
}
