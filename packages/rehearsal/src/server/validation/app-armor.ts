// AppArmor profiles in annotations (kubernetes pkg/apis/core/validation ValidateAppArmorPodAnnotations).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue } from "../field-error.ts";

const prefix = "container.apparmor.security.beta.kubernetes.io/";

/** Checks the annotations of a pod or template, which stand at `path`. */
export function validateAppArmor(template: JsonObject, path: string): FieldError[] {
  const containers = ["initContainers", "containers", "ephemeralContainers"].flatMap((list) =>
    objectsAt(template, "spec", list).map(({ name }) => name),
  );
  return Object.entries(objectAt(template, "metadata", "annotations")).flatMap(([key, profile]) => {
    if (!key.startsWith(prefix)) return [];
    const errors: FieldError[] = [];
    const container = key.slice(prefix.length);
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

/** Annotations that a pod keeps as it got them (ValidatePodSpecificAnnotationUpdates). */
export function validateKeptAnnotations(pod: JsonObject, old: JsonObject): FieldError[] {
  const [now, before] = [pod, old].map((one) => objectAt(one, "metadata", "annotations")) as [
    JsonObject,
    JsonObject,
  ];
  const nameOf = (key: string) => {
    if (key.startsWith(prefix)) return "AppArmor annotations";
    return key === "kubernetes.io/config.mirror" ? "mirror pod annotation" : undefined;
  };
  const refuse = (key: string, verbs: string) => {
    const name = nameOf(key);
    return name ? [forbiddenValue(`metadata.annotations[${key}]`, `may not ${verbs} ${name}`)] : [];
  };
  return [
    ...Object.keys(before).flatMap((key) =>
      now[key] === before[key] ? [] : refuse(key, "remove or update"),
    ),
    ...Object.keys(now).flatMap((key) => (before[key] === undefined ? refuse(key, "add") : [])),
  ];
}
