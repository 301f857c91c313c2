// The resources that the controllers read and write, by name.
import { builtin } from "@slipway/kubernetes";

export const CLUSTER_ROLES = builtin("rbac.authorization.k8s.io", "ClusterRole");
export const CONFIG_MAPS = builtin("", "ConfigMap");
export const CONTROLLER_REVISIONS = builtin("apps", "ControllerRevision");
export const CRON_JOBS = builtin("batch", "CronJob");
export const CUSTOM_RESOURCE_DEFINITIONS = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
export const DAEMON_SETS = builtin("apps", "DaemonSet");
export const DEPLOYMENTS = builtin("apps", "Deployment");
export const ENDPOINTS = builtin("", "Endpoints");
export const ENDPOINT_SLICES = builtin("discovery.k8s.io", "EndpointSlice");
export const EVENTS = builtin("", "Event");
export const HORIZONTAL_POD_AUTOSCALERS = builtin("autoscaling", "HorizontalPodAutoscaler");
export const JOBS = builtin("batch", "Job");
export const NAMESPACES = builtin("", "Namespace");
export const NODES = builtin("", "Node");
export const PERSISTENT_VOLUMES = builtin("", "PersistentVolume");
export const PERSISTENT_VOLUME_CLAIMS = builtin("", "PersistentVolumeClaim");
export const PODS = builtin("", "Pod");
export const POD_DISRUPTION_BUDGETS = builtin("policy", "PodDisruptionBudget");
export const REPLICA_SETS = builtin("apps", "ReplicaSet");
export const RESOURCE_QUOTAS = builtin("", "ResourceQuota");
export const SECRETS = builtin("", "Secret");
export const SERVICES = builtin("", "Service");
export const SERVICE_ACCOUNTS = builtin("", "ServiceAccount");
export const STATEFUL_SETS = builtin("apps", "StatefulSet");
export const STORAGE_CLASSES = builtin("storage.k8s.io", "StorageClass");
