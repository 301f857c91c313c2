// The pods and claims of a StatefulSet, by ordinal.
import type { PersistentVolumeClaim } from "../kinds/cluster.ts";
import type { Pod } from "../kinds/pod.ts";
import type { ControllerRevision, StatefulSet } from "../kinds/workload.ts";
import { podFromTemplate } from "../pods.ts";
import { controllerReference } from "../runtime/owners.ts";
import { templateOf } from "./revisions.ts";

export const REVISION_LABEL = "controller-revision-hash";

/** The ordinal at the end of a pod's name; -1 when it has none. */
export function ordinalOf({ metadata: { name } }: Pod): number {
  const match = /-([0-9]+)$/.exec(name);
  return match ? Number(match[1]) : -1;
}

/** Name and labels of a StatefulSet's pod are its identity; the rest comes from the revision's template. */
export function buildPod(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podFromTemplate(templateOf(revision) ?? set.spec.template, set, `${set.metadata.name}-`);
  const templates = set.spec.volumeClaimTemplates ?? [];
  const claimed = new Set(templates.map((template) => template.metadata?.name));
  const volumes = [
    ...templates.map((template) => ({
      name: template.metadata?.name ?? "",
      persistentVolumeClaim: { claimName: claimName(set, template.metadata?.name ?? "", ordinal) },
    })),
    ...(pod.spec.volumes ?? []).filter((volume) => !claimed.has(volume.name)),
  ];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      labels: {
        ...pod.metadata.labels,
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": String(ordinal),
        [REVISION_LABEL]: revision.metadata.name,
      },
    },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  };
}

/** The claims of the pod with that ordinal. */
export function buildClaims(set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimName(set, template.metadata?.name ?? "", ordinal),
      ...(set.metadata.namespace ? { namespace: set.metadata.namespace } : {}),
      labels: { ...template.metadata?.labels, ...set.spec.selector.matchLabels },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ...(set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === "Delete"
        ? { ownerReferences: [controllerReference(set)] }
        : {}),
    },
    spec: template.spec,
  }));
}

function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`;
}
