// The claims that a pod mounts.
import type { Pod } from "../controllers/kinds/pod.ts";

/** Where a claim that waits for its first consumer is told the node (external provisioners read it). */
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** Names of PersistentVolumeClaims in the pod's namespace; an ephemeral volume's is made of both names. */
export function claimNamesOf(pod: Pod): string[] {
  const names: string[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) names.push(volume.persistentVolumeClaim.claimName);
    else if (volume.ephemeral) names.push(`${pod.metadata.name}-${volume.name}`);
  }
  return names;
}
