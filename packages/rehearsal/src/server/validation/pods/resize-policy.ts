// What happens when the resources of a running container change (kubernetes pkg/apis/core/validation validateResizePolicy).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from "../../field-error.ts";

/** Checks the policies of a container; the real server tells of most at the list. */
export function validateResizePolicy(
  container: JsonObject,
  path: string,
  podRestartPolicy: string | undefined,
): FieldError[] {
  const seen = new Set<string>();
  return objectsAt(container, "resizePolicy").flatMap((entry, index) => {
    const resource = textAt(entry, "resourceName") ?? "";
    const policy = textAt(entry, "restartPolicy") ?? "";
    const errors = seen.has(resource) ? [duplicateValue(`${path}[${index}]`, resource)] : [];
    seen.add(resource);
    errors.push(...chosen(resource, path, ["cpu", "memory"]));
    errors.push(...chosen(policy, path, ["NotRequired", "RestartContainer"]));
    if (podRestartPolicy === "Never" && policy !== "NotRequired") {
      const detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
      errors.push(invalidValue(path, policy, detail));
    }
    return errors;
  });
}

function chosen(value: string, path: string, choices: readonly string[]): FieldError[] {
  if (value === "") return [requiredValue(path)];
  return choices.includes(value) ? [] : [unsupportedValue(path, value, choices)];
}
