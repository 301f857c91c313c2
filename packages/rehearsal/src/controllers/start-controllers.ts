// Everything that works in a cluster besides its API server.
import { startKubelets } from "../kubelet/kubelet.ts";
import { startScheduler } from "../kubelet/scheduler.ts";
import { defaultTimeModel, type TimeModel } from "../kubelet/time-model.ts";
import { bootstrapCluster } from "./bootstrap/bootstrap.ts";
import { startAutoscaler } from "./cluster/autoscaler.ts";
import { startDisruptionController } from "./cluster/disruption.ts";
import { startGarbageCollector } from "./cluster/garbage-collector.ts";
import { startNamespaceController } from "./cluster/namespace.ts";
import { startNodeTtlController } from "./cluster/node-ttl.ts";
import { startPodCollector } from "./cluster/pod-collector.ts";
import { startPolicyStatusController } from "./cluster/policy-status.ts";
import { startResourceQuotaController } from "./cluster/resource-quota.ts";
import { startRoleAggregationController } from "./cluster/role-aggregation.ts";
import { startRootCaPublisher } from "./cluster/root-ca.ts";
import { startServiceAccountController } from "./cluster/service-account.ts";
import type { ControllerContext } from "./context.ts";
import { startEndpointsController } from "./network/endpoints.ts";
import { startLoadBalancerController } from "./network/load-balancer.ts";
import { createCaches } from "./runtime/cache.ts";
import type { Environment } from "./runtime/environment.ts";
import { startAttributesClassController } from "./storage/attributes-classes.ts";
import { startProvisioner } from "./storage/provisioner.ts";
import { startVolumeController } from "./storage/volume-binding.ts";
import { startCronJobController } from "./workloads/cron-job.ts";
import { startDaemonSetController } from "./workloads/daemon-set.ts";
import { startDeploymentController } from "./workloads/deployment.ts";
import { startJobController } from "./workloads/job.ts";
import { startReplicaSetController } from "./workloads/replica-set.ts";
import { startStatefulSetController } from "./workloads/stateful-set.ts";

/** How a cluster's controllers are started. */
export interface ControllersOptions {
  /** PEM of the CA that signed the API server's certificate; pods read it from `kube-root-ca.crt`. */
  readonly rootCertificate: string;
  /** Simulated nodes to create; 3 by default, 0 on a cluster that has nodes of its own. */
  readonly nodes?: number;
  readonly timeModel?: TimeModel;
  /** Further controllers that share the caches: the platform's own. */
  readonly more?: readonly ((environment: Environment) => void)[];
}

/**
 * Starts the controller manager's controllers, the scheduler and the kubelets on the context's server, and
 * resolves when the objects of a fresh cluster are there. All of it stops with the context's signal.
 */
export async function startControllers(
  context: ControllerContext,
  options: ControllersOptions,
): Promise<void> {
  const { rootCertificate, nodes = 3, timeModel = defaultTimeModel, more = [] } = options;
  const environment: Environment = { ...context, caches: createCaches(context), timeModel };
  startServiceAccountController(environment);
  startRootCaPublisher(environment, rootCertificate);
  startDeploymentController(environment);
  startReplicaSetController(environment);
  startStatefulSetController(environment);
  startDaemonSetController(environment);
  startJobController(environment);
  startCronJobController(environment);
  startDisruptionController(environment);
  startResourceQuotaController(environment);
  startAutoscaler(environment);
  startNodeTtlController(environment);
  startEndpointsController(environment);
  startLoadBalancerController(environment);
  startVolumeController(environment);
  startAttributesClassController(environment);
  startProvisioner(environment);
  startRoleAggregationController(environment);
  startPolicyStatusController(environment);
  startNamespaceController(environment);
  startPodCollector(environment);
  startScheduler(environment);
  startKubelets(environment);
  for (const start of more) start(environment);
  // Last, because it shares the caches of all others and adds those of every other kind.
  startGarbageCollector(environment);
  await bootstrapCluster(environment, { nodes, rootCertificate });
}
