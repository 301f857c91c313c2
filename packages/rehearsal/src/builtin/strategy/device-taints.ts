// Since when devices are tainted (kubernetes pkg/apis/resource/v1 SetDefaults_DeviceTaint).
import type { KubernetesObject } from "@slipway/kubernetes";
import { objectsAt } from "../../admission/read-json.ts";

/** Says of taints that do not that they are there since `now`; changes the slice. */
export function dateTaints(slice: KubernetesObject, now: string): void {
  for (const taint of objectsAt(slice.spec, "devices").flatMap((device) => objectsAt(device, "taints"))) {
    taint.timeAdded ??= now;
  }
}
