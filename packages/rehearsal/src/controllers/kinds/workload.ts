// The parts of the workloads that their controllers read by name (Kubernetes 1.36 API).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition, LabelSelector } from "./meta.ts";
import type { ClaimTemplate, PodTemplate } from "./pod.ts";

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

export interface StatefulSetSpec extends JsonObject {
  replicas?: number;
  selector: LabelSelector;
  template: PodTemplate;
  serviceName?: string;
  podManagementPolicy?: string;
  updateStrategy?: UpdateStrategy;
  volumeClaimTemplates?: ClaimTemplate[];
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string } & JsonObject;
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
  managedBy?: string;
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
