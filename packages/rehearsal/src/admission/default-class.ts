import type { KubernetesObject, ResourceType } from "@slipway/kubernetes";
import type { AdmissionReader } from "./admission.ts";

/** The class that an annotation says is the default one; of several the newest, then the first by name. */
export function defaultClassOf(
  reader: AdmissionReader,
  type: ResourceType,
  annotation: string,
): KubernetesObject | undefined {
  return reader
    .list(type)
    .filter((candidate) => candidate.metadata.annotations?.[annotation] === "true")
    .sort(
      (a, b) =>
        (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? "") ||
        a.metadata.name.localeCompare(b.metadata.name),
    )[0];
}
