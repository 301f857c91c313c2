// AppArmor profiles in annotations (kubernetes pkg/apis/core/validation ValidateAppArmorPodAnnotations).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../../admission/read-json.ts";
import { invalidValue } from "../../field-error.ts";

/** What the keys of the annotations begin with; a container's name comes behind it. */
export const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";

/** Checks the annotations of a pod or template, which stand at `path`. */
export function validateAppArmor(template: JsonObject, path: string): FieldError[] {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(template, "spec", list).map(({ name }) => name),
  );
  return Object.entries(objectAt(template, "metadata", "annotations")).flatMap(([key, profile]) => {
    if (!key.startsWith(appArmorPrefix)) return [];
    const errors: FieldError[] = [];
    const container = key.slice(appArmorPrefix.length);
    if (!containers.includes(container)) {
      errors.push(invalidValue(`${path}[${key}]`, container, "container not found"));
    }
    if (!/^($|runtime\/default$|unconfined$|localhost\/)/.test(String(profile))) {
      const detail = `invalid AppArmor profile name: ${JSON.stringify(profile)}`;
      errors.push(invalidValue(`${path}[${key}]`, profile, detail));
    }
    return errors;
  });
}
