import type { ResourceType } from "./client.ts";

/** A resource as discovery describes it: all that is needed to serve it or to understand what people call it. */
export interface ServedResource extends ResourceType {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly ServedSubresource[];
}

/** A subresource of a resource; group and version are of its own kind, absent when they are the resource's. */
export interface ServedSubresource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

const verbSets: Readonly<Record<string, readonly string[]>> = {
  all: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
  single: ["create", "delete", "get", "list", "patch", "update", "watch"],
  read: ["get", "list"],
  create: ["create"],
};

const readAndChange = ["get", "patch", "update"];
const proxied = ["create", "delete", "get", "patch", "update"];

/** The subresources that are not of their resource's own kind, or not read and changed like it. */
const subresourceForms: Readonly<
  Record<string, Omit<ServedSubresource, "name" | "kind"> & { kind?: string }>
> = {
  scale: { kind: "Scale", group: "autoscaling", version: "v1", verbs: readAndChange },
  eviction: { kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
  token: { kind: "TokenRequest", group: "authentication.k8s.io", version: "v1", verbs: ["create"] },
  binding: { kind: "Binding", verbs: ["create"] },
  attach: { kind: "PodAttachOptions", verbs: ["create", "get"] },
  exec: { kind: "PodExecOptions", verbs: ["create", "get"] },
  portforward: { kind: "PodPortForwardOptions", verbs: ["create", "get"] },
  log: { verbs: ["get"] },
  finalize: { verbs: ["update"] },
};

/**
 * What Kubernetes 1.36 serves without custom resources (its aggregated discovery): resource, kind, scope,
 * verbs, short names, categories, subresources. The first version of a group is the preferred one.
 */
const table = `
v1
  bindings Binding namespaced create - - -
  componentstatuses ComponentStatus cluster read cs - -
  configmaps ConfigMap namespaced all cm - -
  endpoints Endpoints namespaced all ep - -
  events Event namespaced all ev - -
  limitranges LimitRange namespaced all limits - -
  namespaces Namespace cluster single ns - finalize,status
  nodes Node cluster all no - proxy,status
  persistentvolumeclaims PersistentVolumeClaim namespaced all pvc - status
  persistentvolumes PersistentVolume cluster all pv - status
  pods Pod namespaced all po all attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
  podtemplates PodTemplate namespaced all - - -
  replicationcontrollers ReplicationController namespaced all rc all scale,status
  resourcequotas ResourceQuota namespaced all quota - status
  secrets Secret namespaced all - - -
  serviceaccounts ServiceAccount namespaced all sa - token
  services Service namespaced all svc all proxy,status
apiregistration.k8s.io/v1
  apiservices APIService cluster all - api-extensions status
apps/v1
  controllerrevisions ControllerRevision namespaced all - - -
  daemonsets DaemonSet namespaced all ds all status
  deployments Deployment namespaced all deploy all scale,status
  replicasets ReplicaSet namespaced all rs all scale,status
  statefulsets StatefulSet namespaced all sts all scale,status
events.k8s.io/v1
  events Event namespaced all ev - -
authentication.k8s.io/v1
  selfsubjectreviews SelfSubjectReview cluster create - - -
  tokenreviews TokenReview cluster create - - -
authorization.k8s.io/v1
  localsubjectaccessreviews LocalSubjectAccessReview namespaced create - - -
  selfsubjectaccessreviews SelfSubjectAccessReview cluster create - - -
  selfsubjectrulesreviews SelfSubjectRulesReview cluster create - - -
  subjectaccessreviews SubjectAccessReview cluster create - - -
autoscaling/v2
  horizontalpodautoscalers HorizontalPodAutoscaler namespaced all hpa all status
autoscaling/v1
  horizontalpodautoscalers HorizontalPodAutoscaler namespaced all hpa all status
batch/v1
  cronjobs CronJob namespaced all cj all status
  jobs Job namespaced all - all status
certificates.k8s.io/v1
  certificatesigningrequests CertificateSigningRequest cluster all csr - approval,status
networking.k8s.io/v1
  ingressclasses IngressClass cluster all - - -
  ingresses Ingress namespaced all ing - status
  ipaddresses IPAddress cluster all ip - -
  networkpolicies NetworkPolicy namespaced all netpol - -
  servicecidrs ServiceCIDR cluster all - - status
policy/v1
  poddisruptionbudgets PodDisruptionBudget namespaced all pdb - status
rbac.authorization.k8s.io/v1
  clusterrolebindings ClusterRoleBinding cluster all - - -
  clusterroles ClusterRole cluster all - - -
  rolebindings RoleBinding namespaced all - - -
  roles Role namespaced all - - -
storage.k8s.io/v1
  csidrivers CSIDriver cluster all - - -
  csinodes CSINode cluster all - - -
  csistoragecapacities CSIStorageCapacity namespaced all - - -
  storageclasses StorageClass cluster all sc - -
  volumeattachments VolumeAttachment cluster all - - status
  volumeattributesclasses VolumeAttributesClass cluster all vac - -
admissionregistration.k8s.io/v1
  mutatingadmissionpolicies MutatingAdmissionPolicy cluster all - api-extensions -
  mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding cluster all - api-extensions -
  mutatingwebhookconfigurations MutatingWebhookConfiguration cluster all - api-extensions -
  validatingadmissionpolicies ValidatingAdmissionPolicy cluster all - api-extensions status
  validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding cluster all - api-extensions -
  validatingwebhookconfigurations ValidatingWebhookConfiguration cluster all - api-extensions -
apiextensions.k8s.io/v1
  customresourcedefinitions CustomResourceDefinition cluster all crd,crds api-extensions status
scheduling.k8s.io/v1
  priorityclasses PriorityClass cluster all pc - -
coordination.k8s.io/v1
  leases Lease namespaced all - - -
node.k8s.io/v1
  runtimeclasses RuntimeClass cluster all - - -
discovery.k8s.io/v1
  endpointslices EndpointSlice namespaced all - - -
resource.k8s.io/v1
  deviceclasses DeviceClass cluster all - - -
  resourceclaims ResourceClaim namespaced all - - status
  resourceclaimtemplates ResourceClaimTemplate namespaced all - - -
  resourceslices ResourceSlice cluster all - - -
flowcontrol.apiserver.k8s.io/v1
  flowschemas FlowSchema cluster all - - status
  prioritylevelconfigurations PriorityLevelConfiguration cluster all - - status
`;

/** Every resource that a Kubernetes 1.36 server serves by itself, in discovery's order. */
export const builtinResources: readonly ServedResource[] = parse(table);

const byGroupKind = new Map<string, ServedResource>();
for (const type of builtinResources) {
  const key = `${type.group}/${type.kind}`;
  if (!byGroupKind.has(key)) byGroupKind.set(key, type);
}

/** A built-in resource by group and kind, in its preferred version unless another is asked for. */
export function findBuiltin(group: string, kind: string, version?: string): ServedResource | undefined {
  const preferred = byGroupKind.get(`${group}/${kind}`);
  if (!preferred || !version || preferred.version === version) return preferred;
  return builtinResources.find(
    (type) => type.group === group && type.kind === kind && type.version === version,
  );
}

/** A built-in resource that must be there: `builtin("apps", "Deployment")`. Throws when it is not in the table. */
export function builtin(group: string, kind: string): ServedResource {
  const type = findBuiltin(group, kind);
  if (!type) throw new Error(`${kind} is not a built-in kind of the group "${group}"`);
  return type;
}

function parse(text: string): ServedResource[] {
  const types: ServedResource[] = [];
  let group = "";
  let version = "";
  for (const line of text.trim().split("\n")) {
    if (!line.startsWith(" ")) {
      const slash = line.indexOf("/");
      group = slash < 0 ? "" : line.slice(0, slash);
      version = line.slice(slash + 1);
      continue;
    }
    const [resource = "", kind = "", scope, verbs = "", shortNames, categories, subresources] = line
      .trim()
      .split(" ");
    types.push({
      group,
      version,
      resource,
      kind,
      namespaced: scope === "namespaced",
      singular: kind.toLowerCase(),
      shortNames: list(shortNames),
      categories: list(categories),
      verbs: verbSets[verbs] ?? [],
      subresources: list(subresources).map((name) => subresource(name, kind)),
    });
  }
  return types;
}

function list(column: string | undefined): string[] {
  return !column || column === "-" ? [] : column.split(",");
}

function subresource(name: string, kind: string): ServedSubresource {
  if (name === "proxy") return { name, kind: `${kind}ProxyOptions`, verbs: proxied };
  const form = subresourceForms[name];
  return form ? { name, ...form, kind: form.kind ?? kind } : { name, kind, verbs: readAndChange };
}
