// The parts of a Pod that the controllers and kubelets read by name (Kubernetes 1.36 API).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition, LabelSelector, Requirement, StringMap, TemplateMeta } from "./meta.ts";

export interface NamedReference extends JsonObject {
  name?: string;
  optional?: boolean;
}

export interface KeyReference extends NamedReference {
  key: string;
}

export interface Container extends JsonObject {
  name: string;
  image?: string;
  restartPolicy?: string;
  env?: EnvironmentVariable[];
  envFrom?: EnvironmentSource[];
  ports?: ContainerPort[];
  readinessProbe?: JsonObject;
  resources?: ResourceRequirements;
}

export interface EnvironmentVariable extends JsonObject {
  name: string;
  valueFrom?: EnvironmentValueSource;
}

export interface EnvironmentValueSource extends JsonObject {
  configMapKeyRef?: KeyReference;
  secretKeyRef?: KeyReference;
}

export interface EnvironmentSource extends JsonObject {
  configMapRef?: NamedReference;
  secretRef?: NamedReference;
}

export interface ContainerPort extends JsonObject {
  name?: string;
  containerPort: number;
  hostPort?: number;
  protocol?: string;
}

export interface ResourceRequirements extends JsonObject {
  requests?: Quantities;
  limits?: Quantities;
}

/** Quantities as they are written: `100m`, `1Gi`, 2. */
export interface Quantities extends JsonObject {
  [resource: string]: string | number;
}

export interface KeyToPath extends JsonObject {
  key: string;
}

export interface ConfigMapVolume extends NamedReference {
  items?: KeyToPath[];
}

export interface SecretVolume extends JsonObject {
  secretName?: string;
  optional?: boolean;
  items?: KeyToPath[];
}

export interface SecretProjection extends NamedReference {
  items?: KeyToPath[];
}

export interface ProjectedSource extends JsonObject {
  configMap?: ConfigMapVolume;
  secret?: SecretProjection;
}

export interface ProjectedVolume extends JsonObject {
  sources?: ProjectedSource[];
}

export interface ClaimVolume extends JsonObject {
  claimName: string;
}

export interface EphemeralVolume extends JsonObject {
  volumeClaimTemplate?: ClaimTemplate;
}

export interface Volume extends JsonObject {
  name: string;
  configMap?: ConfigMapVolume;
  secret?: SecretVolume;
  projected?: ProjectedVolume;
  persistentVolumeClaim?: ClaimVolume;
  ephemeral?: EphemeralVolume;
}

export interface Toleration extends JsonObject {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
}

export interface NodeSelectorTerm extends JsonObject {
  matchExpressions?: Requirement[];
  matchFields?: Requirement[];
}

export interface NodeSelector extends JsonObject {
  nodeSelectorTerms: NodeSelectorTerm[];
}

export interface PreferredNodeTerm extends JsonObject {
  weight: number;
  preference: NodeSelectorTerm;
}

export interface NodeAffinity extends JsonObject {
  requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  preferredDuringSchedulingIgnoredDuringExecution?: PreferredNodeTerm[];
}

export interface PodAffinityTerm extends JsonObject {
  labelSelector?: LabelSelector;
  topologyKey: string;
  namespaces?: string[];
}

export interface PodAffinity extends JsonObject {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
}

export interface Affinity extends JsonObject {
  nodeAffinity?: NodeAffinity;
  podAffinity?: PodAffinity;
  podAntiAffinity?: PodAffinity;
}

export interface ReadinessGate extends JsonObject {
  conditionType: string;
}

export interface TopologySpreadConstraint extends JsonObject {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: LabelSelector;
}

export interface PodSpec extends JsonObject {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  nodeName?: string;
  nodeSelector?: StringMap;
  affinity?: Affinity;
  tolerations?: Toleration[];
  topologySpreadConstraints?: TopologySpreadConstraint[];
  schedulerName?: string;
  schedulingGates?: JsonObject[];
  readinessGates?: ReadinessGate[];
  restartPolicy?: string;
  hostNetwork?: boolean;
  hostname?: string;
  subdomain?: string;
  serviceAccountName?: string;
  terminationGracePeriodSeconds?: number;
  resources?: ResourceRequirements;
}

export interface PodTemplate extends JsonObject {
  metadata?: TemplateMeta;
  spec: PodSpec;
}

export interface ContainerStatus extends JsonObject {
  name: string;
  ready: boolean;
  restartCount: number;
  state: JsonObject;
}

export interface PodStatus extends JsonObject {
  phase?: string;
  conditions?: Condition[];
  podIP?: string;
  hostIP?: string;
  startTime?: string;
  containerStatuses?: ContainerStatus[];
}

export interface Pod extends KubernetesObject {
  spec: PodSpec;
  status?: PodStatus;
}

export interface ClaimTemplate extends JsonObject {
  metadata?: TemplateMeta;
  spec: JsonObject;
}
