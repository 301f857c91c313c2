// The parts of the built-in kinds that the controllers and kubelets read by name (Kubernetes 1.36 API).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";

export interface StringMap {
  [key: string]: string;
}

/** meta/v1 LabelSelector. */
export interface LabelSelector extends JsonObject {
  matchLabels?: StringMap;
  matchExpressions?: Requirement[];
}

/** One expression of a label selector or of a node selector term. */
export interface Requirement extends JsonObject {
  key: string;
  operator: string;
  values?: string[];
}

/** An entry of `status.conditions`, whichever of the optional fields its kind has. */
export interface Condition extends JsonObject {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
  observedGeneration?: number;
}

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

export interface PodSpec extends JsonObject {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  nodeName?: string;
  nodeSelector?: StringMap;
  affinity?: Affinity;
  tolerations?: Toleration[];
  schedulerName?: string;
  schedulingGates?: JsonObject[];
  readinessGates?: ReadinessGate[];
  restartPolicy?: string;
  hostNetwork?: boolean;
  hostname?: string;
  subdomain?: string;
  serviceAccountName?: string;
  terminationGracePeriodSeconds?: number;
}

export interface TemplateMeta extends JsonObject {
  name?: string;
  labels?: StringMap;
  annotations?: StringMap;
  finalizers?: string[];
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

export interface ReplicaSetSpec extends JsonObject {
  replicas?: number;
  selector: LabelSelector;
  template: PodTemplate;
  minReadySeconds?: number;
}

export interface ReplicaSetStatus extends JsonObject {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends KubernetesObject {
  spec: ReplicaSetSpec;
  status?: ReplicaSetStatus;
}

export interface RollingUpdate extends JsonObject {
  maxSurge?: string | number;
  maxUnavailable?: string | number;
  partition?: number;
}

export interface UpdateStrategy extends JsonObject {
  type?: string;
  rollingUpdate?: RollingUpdate;
}

export interface DeploymentSpec extends JsonObject {
  replicas?: number;
  selector: LabelSelector;
  template: PodTemplate;
  strategy?: UpdateStrategy;
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  progressDeadlineSeconds?: number;
  paused?: boolean;
}

export interface DeploymentStatus extends JsonObject {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

export interface Deployment extends KubernetesObject {
  spec: DeploymentSpec;
  status?: DeploymentStatus;
}

export interface ClaimTemplate extends JsonObject {
  metadata?: TemplateMeta;
  spec: JsonObject;
}

export interface StatefulSetSpec extends JsonObject {
  replicas?: number;
  selector: LabelSelector;
  template: PodTemplate;
  serviceName?: string;
  podManagementPolicy?: string;
  updateStrategy?: UpdateStrategy;
  volumeClaimTemplates?: ClaimTemplate[];
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  ordinals?: { start?: number } & JsonObject;
}

export interface StatefulSetStatus extends JsonObject {
  replicas: number;
  observedGeneration?: number;
  readyReplicas?: number;
  currentReplicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  collisionCount?: number;
}

export interface StatefulSet extends KubernetesObject {
  spec: StatefulSetSpec;
  status?: StatefulSetStatus;
}

export interface DaemonSetSpec extends JsonObject {
  selector: LabelSelector;
  template: PodTemplate;
  updateStrategy?: UpdateStrategy;
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
}

export interface DaemonSet extends KubernetesObject {
  spec: DaemonSetSpec;
  status?: JsonObject;
}

export interface ControllerRevision extends KubernetesObject {
  data?: JsonObject;
  revision: number;
}

export interface JobSpec extends JsonObject {
  template: PodTemplate;
  selector?: LabelSelector;
  parallelism?: number;
  completions?: number;
  backoffLimit?: number;
  completionMode?: string;
  suspend?: boolean;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
}

export interface JobStatus extends JsonObject {
  conditions?: Condition[];
  startTime?: string;
  completionTime?: string;
  active?: number;
  succeeded?: number;
  failed?: number;
}

export interface Job extends KubernetesObject {
  spec: JobSpec;
  status?: JobStatus;
}

export interface Taint extends JsonObject {
  key: string;
  value?: string;
  effect: string;
}

export interface NodeSpec extends JsonObject {
  taints?: Taint[];
  unschedulable?: boolean;
}

export interface NodeAddress extends JsonObject {
  type: string;
  address: string;
}

export interface NodeStatus extends JsonObject {
  addresses?: NodeAddress[];
  allocatable?: Quantities;
  capacity?: Quantities;
  conditions?: Condition[];
}

export interface Node extends KubernetesObject {
  spec?: NodeSpec;
  status?: NodeStatus;
}

export interface ServicePort extends JsonObject {
  name?: string;
  port: number;
  protocol?: string;
  targetPort?: string | number;
  appProtocol?: string;
}

export interface ServiceSpec extends JsonObject {
  type?: string;
  clusterIP?: string;
  selector?: StringMap;
  ports?: ServicePort[];
  publishNotReadyAddresses?: boolean;
}

export interface Service extends KubernetesObject {
  spec: ServiceSpec;
  status?: JsonObject;
}

export interface ClaimSpec extends JsonObject {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
  selector?: LabelSelector;
  resources?: ResourceRequirements;
}

export interface ClaimStatus extends JsonObject {
  phase?: string;
  accessModes?: string[];
  capacity?: Quantities;
}

export interface PersistentVolumeClaim extends KubernetesObject {
  spec: ClaimSpec;
  status?: ClaimStatus;
}

export interface ClaimReference extends JsonObject {
  namespace?: string;
  name?: string;
  uid?: string;
}

export interface VolumeSpec extends JsonObject {
  accessModes?: string[];
  capacity?: Quantities;
  claimRef?: ClaimReference;
  storageClassName?: string;
  volumeMode?: string;
  persistentVolumeReclaimPolicy?: string;
}

export interface PersistentVolume extends KubernetesObject {
  spec: VolumeSpec;
  status?: JsonObject;
}

export interface StorageClass extends KubernetesObject {
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
}

/** A ConfigMap or a Secret: what can be mounted or read into the environment. */
export interface KeyedData extends KubernetesObject {
  data?: { [key: string]: Json | undefined };
  binaryData?: { [key: string]: Json | undefined };
}
