// The annotations of pods and templates that mean something (kubernetes pkg/apis/core/validation).
import type { FieldError } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { objectAt, textAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue } from "../../field-error.ts";
import { validateDescendingPath } from "../descending-path.ts";
import { appArmorPrefix, validateAppArmor } from "./app-armor.ts";

const mirror = "kubernetes.io/config.mirror";
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";
const podSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
const containerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";

/**
 * Checks the annotations of a pod or template, which stand at `path` (ValidatePodSpecificAnnotations). A pod that
 * is `old` and says nonsense of what its deletion costs may go on saying so.
 */
export function validatePodAnnotations(template: JsonObject, path: string, old?: JsonObject): FieldError[] {
  const annotations = annotationsOf(template);
  const errors: FieldError[] = [];
  if (annotations[mirror] !== undefined && !textAt(template, "spec", "nodeName")) {
    const detail = "must set spec.nodeName if mirror pod annotation is set";
    errors.push(invalidValue(`${path}[${mirror}]`, annotations[mirror], detail));
  }
  if (!(old && isWrongCost(annotationsOf(old))) && isWrongCost(annotations)) {
    const detail = "must be a 32bit integer";
    errors.push(invalidValue(`${path}[${deletionCost}]`, annotations[deletionCost], detail));
  }
  const profiles = Object.keys(annotations).filter((key) => key.startsWith(containerSeccomp));
  for (const key of podSeccomp in annotations ? [podSeccomp, ...profiles] : profiles) {
    errors.push(...validateSeccomp(String(annotations[key]), `${path}.${key}`));
  }
  return [...errors, ...validateAppArmor(template, path)];
}

/** Annotations that a pod keeps as it got them, and all that they say (ValidatePodSpecificAnnotationUpdates). */
export function validateKeptAnnotations(pod: JsonObject, old: JsonObject): FieldError[] {
  const [now, before] = [annotationsOf(pod), annotationsOf(old)];
  const nameOf = (key: string) => {
    if (key.startsWith(appArmorPrefix)) return "AppArmor annotations";
    return key === mirror ? "mirror pod annotation" : undefined;
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
    ...validatePodAnnotations(pod, "metadata.annotations", old),
  ];
}

function annotationsOf(template: JsonObject): JsonObject {
  return objectAt(template, "metadata", "annotations");
}

function isWrongCost({ [deletionCost]: cost }: JsonObject): boolean {
  if (cost === undefined) return false;
  return !/^(-\d+|0|[1-9]\d*)$/.test(String(cost)) || Number(cost) !== (Number(cost) | 0);
}

function validateSeccomp(profile: string, path: string): FieldError[] {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
  const file = /^localhost\/(.*)$/s.exec(profile)?.[1];
  if (file !== undefined) return validateDescendingPath(file, path);
  return [invalidValue(path, profile, "must be a valid seccomp profile")];
}
