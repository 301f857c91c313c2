// Fields of pods that a server drops because the features they belong to are off by default in 1.36 (kubernetes
// pkg/api/pod/util.go dropDisabledFields): GenericWorkload, ClusterTrustBundleProjection, PodCertificateRequest.
import { groupOf, type KubernetesObject } from "@slipway/kubernetes";
import { objectAt, objectsAt } from "../../admission/read-json.ts";

/** Where each kind has its pods' spec. */
const specOf: Readonly<Record<string, readonly string[]>> = {
  "/Pod": ["spec"],
  "/PodTemplate": ["template", "spec"],
  "/ReplicationController": ["spec", "template", "spec"],
  "apps/ReplicaSet": ["spec", "template", "spec"],
  "apps/Deployment": ["spec", "template", "spec"],
  "apps/StatefulSet": ["spec", "template", "spec"],
  "apps/DaemonSet": ["spec", "template", "spec"],
  "batch/Job": ["spec", "template", "spec"],
  "batch/CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** Drops what is not served from the pods that an object is or makes; changes its argument. */
export function dropUnserved(object: KubernetesObject): void {
  const path = specOf[`${groupOf(object.apiVersion)}/${object.kind}`];
  if (!path) return;
  const spec = objectAt(object, ...path);
  delete spec.schedulingGroup;
  for (const source of objectsAt(spec, "volumes").flatMap((one) => objectsAt(one, "projected", "sources"))) {
    delete source.clusterTrustBundle;
    delete source.podCertificate;
  }
}
