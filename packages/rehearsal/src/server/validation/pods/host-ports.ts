// Ports of the node that a Pod takes (kubernetes pkg/apis/core/validation checkHostPortConflicts,
// validatePodHostNetworkDeps).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue } from "../../field-error.ts";

/** Containers that run at the same time, at `path`, take each port of the node once. */
export function validateHostPorts(containers: readonly JsonObject[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    objectsAt(container, "ports").flatMap((port, place) => {
      const number = numberAt(port, "hostPort");
      if (!number) return [];
      const key = `${textAt(port, "protocol") ?? ""}/${textAt(port, "hostIP") ?? ""}/${number}`;
      if (taken.has(key)) return [duplicateValue(`${path}[${index}].ports[${place}].hostPort`, key)];
      taken.add(key);
      return [];
    }),
  );
}

/** In the node's own network a container's ports are the node's; `ofPod`: they are filled in already. */
export function validateHostNetwork(
  spec: JsonObject,
  path: string,
  { ofPod }: { readonly ofPod: boolean },
): FieldError[] {
  if (spec.hostNetwork !== true) return [];
  return objectsAt(spec, "containers").flatMap((container, index) =>
    objectsAt(container, "ports").flatMap((port, place) => {
      const [host, own] = [numberAt(port, "hostPort") ?? 0, numberAt(port, "containerPort") ?? 0];
      if (host === own || (host === 0 && !ofPod)) return [];
      const detail = "must match `containerPort` when `hostNetwork` is true";
      return [invalidValue(`${path}.containers[${index}].ports[${place}].hostPort`, host, detail)];
    }),
  );
}
