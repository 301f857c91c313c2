import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../../admission/read-json.ts";
import { invalidValue } from "../../field-error.ts";

/** Containers that are processes of a Windows host: all or none, and on its network (validateWindowsHostProcessPod). */
export function validateWindowsHostProcess(spec: JsonObject, path: string): FieldError[] {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((field) =>
    objectsAt(spec, field).map((container, index) => ({ container, at: `${path}.${field}[${index}]` })),
  );
  const ofPod = hostProcess(spec);
  const errors: FieldError[] = [];
  let count = 0;
  for (const { container, at } of containers) {
    const own = hostProcess(container);
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalidValue(`${at}.securityContext.windowsOptions.hostProcess`, own, detail));
    }
    if (own ?? ofPod) count++;
  }
  if (count === 0) return errors;
  if (count !== containers.length) {
    const detail =
      "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.push(invalidValue(path, "", detail));
  }
  if (spec.hostNetwork !== true) {
    const detail = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalidValue(`${path}.hostNetwork`, false, detail));
  }
  return errors;
}

function hostProcess(of: JsonObject): boolean | undefined {
  const { hostProcess: value } = objectAt(of, "securityContext", "windowsOptions");
  return typeof value === "boolean" ? value : undefined;
}
