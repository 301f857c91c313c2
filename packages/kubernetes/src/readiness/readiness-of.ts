import { isJsonObject } from "@slipway/yaml";
import { groupOf, type KubernetesObject } from "../object.ts";
import { apiServiceReadiness } from "./api-service.ts";
import { clusterRoleReadiness } from "./cluster-role.ts";
import { definitionReadiness } from "./custom-resource-definition.ts";
import { daemonSetReadiness } from "./daemon-set.ts";
import { deploymentReadiness } from "./deployment.ts";
import { condition, describeCondition } from "./fields.ts";
import { ingressReadiness } from "./ingress.ts";
import { jobReadiness } from "./job.ts";
import { claimReadiness } from "./persistent-volume-claim.ts";
import { podReadiness } from "./pod.ts";
import {
  failed,
  pending,
  pendingForGrace,
  type Readiness,
  type ReadinessContext,
  type ReadinessRule,
  ready,
} from "./readiness.ts";
import { replicaSetReadiness } from "./replica-set.ts";
import { serviceReadiness } from "./service.ts";
import { statefulSetReadiness } from "./stateful-set.ts";
import { webhookConfigurationReadiness } from "./webhook-configuration.ts";

const exists: ReadinessRule = () => ready("it exists");

/** The kinds with a rule of their own, by `group/Kind`. */
const rules: Readonly<Record<string, ReadinessRule>> = {
  "/ConfigMap": exists,
  "/PersistentVolumeClaim": claimReadiness,
  "/Pod": podReadiness,
  "/Secret": exists,
  "/Service": serviceReadiness,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": webhookConfigurationReadiness,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": webhookConfigurationReadiness,
  "apiextensions.k8s.io/CustomResourceDefinition": definitionReadiness,
  "apiregistration.k8s.io/APIService": apiServiceReadiness,
  "apps/DaemonSet": daemonSetReadiness,
  "apps/Deployment": deploymentReadiness,
  "apps/ReplicaSet": replicaSetReadiness,
  "apps/StatefulSet": statefulSetReadiness,
  "batch/CronJob": exists,
  "batch/Job": jobReadiness,
  "networking.k8s.io/Ingress": ingressReadiness,
  "policy/PodDisruptionBudget": exists,
  "rbac.authorization.k8s.io/ClusterRole": clusterRoleReadiness,
};

/**
 * Whether an object is ready: kstatus's evaluation (cli-utils, pkg/kstatus/status) with the rules that other
 * engines found it to lack. In order: being deleted; a generation that its controller has not seen; the
 * conditions Reconciling and Stalled; the kind's own rule; for a custom resource whose controller is meant to
 * write a status, that there is one; the condition Ready. An object of which nothing more is known is ready.
 */
export function readinessOf(object: KubernetesObject, context: ReadinessContext): Readiness {
  const { deletionTimestamp, generation, finalizers } = object.metadata;
  if (deletionTimestamp) {
    const holding = finalizers?.length ? `, held by ${finalizers.join(", ")}` : "";
    return { state: "terminating", message: `it is being deleted${holding}` };
  }
  const status = isJsonObject(object.status) ? object.status : undefined;
  const observed = status?.observedGeneration;
  if (generation !== undefined && observed !== undefined && observed !== generation) {
    return pending(`its controller has seen generation ${observed}, not yet ${generation}`);
  }
  const reconciling = condition(object, "Reconciling");
  if (reconciling?.status === "True") return pending(reconciling.message || "it is being reconciled");
  const stalled = condition(object, "Stalled");
  if (stalled?.status === "True") return failed(stalled.message || "its controller is stalled");

  const rule = rules[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (rule) return rule(object, context);

  if (context.expectsStatus && (!status || Object.keys(status).length === 0)) {
    return pendingForGrace(object, context, "its controller has written no status yet");
  }
  const readyCondition = condition(object, "Ready");
  if (!readyCondition) return ready("it exists");
  return readyCondition.status === "True" ? ready("it is ready") : pending(describeCondition(readyCondition));
}
