// The parts of nodes, Services, volumes and data that the controllers read by name (Kubernetes 1.36 API).
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import type { Condition, LabelSelector, StringMap } from "./meta.ts";
import type { Quantities, ResourceRequirements } from "./pod.ts";

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
