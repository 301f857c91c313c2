// Deployments, stateful sets, daemon sets and replica sets (kubernetes pkg/apis/apps/v1/defaults.go).
import { type DefaultHook, fill, fillEmptyMap, fillMap, items, mapAt } from "./hook.ts";

const deployment: DefaultHook = (deployment) => {
  const spec = fillMap(deployment, "spec");
  fill(spec, "replicas", 1);
  const strategy = fillMap(spec, "strategy");
  fill(strategy, "type", "RollingUpdate");
  if (strategy.type === "RollingUpdate") {
    const rolling = fillMap(strategy, "rollingUpdate");
    fill(rolling, "maxUnavailable", "25%");
    fill(rolling, "maxSurge", "25%");
  }
  fill(spec, "revisionHistoryLimit", 10);
  fill(spec, "progressDeadlineSeconds", 600);
};

const daemonSet: DefaultHook = (daemonSet) => {
  const spec = fillMap(daemonSet, "spec");
  const strategy = fillMap(spec, "updateStrategy");
  fill(strategy, "type", "RollingUpdate");
  if (strategy.type === "RollingUpdate") {
    const rolling = fillMap(strategy, "rollingUpdate");
    fill(rolling, "maxUnavailable", 1);
    fill(rolling, "maxSurge", 0);
  }
  fill(spec, "revisionHistoryLimit", 10);
};

const statefulSet: DefaultHook = (statefulSet) => {
  const spec = fillMap(statefulSet, "spec");
  fill(spec, "podManagementPolicy", "OrderedReady");
  const strategy = fillMap(spec, "updateStrategy");
  if (strategy.type === undefined) {
    strategy.type = "RollingUpdate";
    fillMap(strategy, "rollingUpdate");
  }
  const rolling = strategy.type === "RollingUpdate" ? mapAt(strategy, "rollingUpdate") : undefined;
  if (rolling) fill(rolling, "partition", 0);
  const retention = fillMap(spec, "persistentVolumeClaimRetentionPolicy");
  fill(retention, "whenDeleted", "Retain");
  fill(retention, "whenScaled", "Retain");
  fill(spec, "replicas", 1);
  fill(spec, "revisionHistoryLimit", 10);
  // The template of a claim is written with the type that it had before 1.17.
  for (const claim of items(spec, "volumeClaimTemplates")) {
    claim.apiVersion = "v1";
    claim.kind = "PersistentVolumeClaim";
  }
};

const replicaSet: DefaultHook = (replicaSet) => fill(fillMap(replicaSet, "spec"), "replicas", 1);

const replicationController: DefaultHook = (controller) => {
  const spec = fillMap(controller, "spec");
  fill(spec, "replicas", 1);
  const labels = mapAt(mapAt(mapAt(spec, "template"), "metadata"), "labels");
  if (!labels) return;
  fillEmptyMap(spec, "selector", labels);
  fillEmptyMap(fillMap(controller, "metadata"), "labels", labels);
};

/** Defaults by type name. */
export const workloadDefaults: Readonly<Record<string, DefaultHook>> = {
  "apps.v1.Deployment": deployment,
  "apps.v1.DaemonSet": daemonSet,
  "apps.v1.StatefulSet": statefulSet,
  "apps.v1.ReplicaSet": replicaSet,
  "core.v1.ReplicationController": replicationController,
};
