// Pods and templates of Pods (kubernetes pkg/apis/core/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { objectAt, objectsAt, valueAt } from "../../admission/read-json.ts";
import { forbiddenValue, requiredValue } from "../field-error.ts";
import { validateAppArmor } from "./app-armor.ts";
import { validateAnnotations, validateLabels } from "./metadata.ts";
import { validatePodSpec } from "./pod-spec.ts";
import type { Validator } from "./validator.ts";

/** A template at `path`; `extraVolumes` come from elsewhere, and `twice` checks its metadata again. */
export function validateTemplate(
  template: JsonObject,
  path: string,
  extraVolumes: readonly JsonObject[] = [],
  twice = false,
): FieldError[] {
  const spec = objectAt(template, "spec");
  const names = extraVolumes.map(({ name }) => name);
  const own = objectsAt(spec, "volumes").filter(({ name }) => !names.includes(name));
  const metadata = [
    ...validateLabels(valueAt(template, "metadata", "labels"), `${path}.labels`),
    ...validateAnnotations(
      objectAt(template, "metadata", "annotations") as Record<string, string>,
      `${path}.annotations`,
    ),
  ];
  const errors = [
    ...metadata,
    ...validateAppArmor(template, `${path}.annotations`),
    ...validatePodSpec({ ...spec, volumes: [...extraVolumes, ...own] }, `${path}.spec`),
    ...(twice ? metadata : []),
  ];
  if (objectsAt(spec, "ephemeralContainers").length > 0) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbiddenValue(`${path}.spec.ephemeralContainers`, detail));
  }
  return errors;
}

/** What an update may change of a pod that exists: images, tolerations that are added, deadlines. */
function validatePodUpdate(pod: KubernetesObject, old: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["containers", "initContainers"]) {
    const [now, before] = [objectsAt(pod, "spec", field), objectsAt(old, "spec", field)];
    if (now.length !== before.length) {
      const detail = "pod updates may not add or remove containers";
      errors.push(forbiddenValue(`spec.${field}`, detail));
      return errors;
    }
    for (const [index, { image }] of now.entries()) {
      if (!image) errors.push(requiredValue(`spec.${field}[${index}].image`));
    }
  }
  const graceOf = (object: JsonObject) => objectAt(object, "spec").terminationGracePeriodSeconds;
  const shortens = Number(graceOf(old)) < 0 && graceOf(pod) === 1;
  if (equalJson(fixedParts(pod, shortens), fixedParts(old, shortens))) return errors;
  const detail =
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return [...errors, forbiddenValue("spec", detail)];
}

function fixedParts(object: JsonObject, shortens: boolean): Json {
  const spec = objectAt(object, "spec");
  const { tolerations: _, activeDeadlineSeconds: __, terminationGracePeriodSeconds: grace, ...rest } = spec;
  const images = (list: readonly JsonObject[]) => list.map(({ image: _image, ...others }) => others);
  return {
    ...rest,
    containers: images(objectsAt(spec, "containers")),
    initContainers: images(objectsAt(spec, "initContainers")),
    schedulingGates: null,
    terminationGracePeriodSeconds: shortens ? 1 : (grace ?? null),
  };
}

/** By collection. */
export const podValidators: Readonly<Record<string, Validator>> = {
  "/pods": {
    validate: (pod) => [
      ...validateAppArmor(pod, "metadata.annotations"),
      ...validatePodSpec(objectAt(pod, "spec"), "spec"),
    ],
    validateUpdate: validatePodUpdate,
  },
  "/podtemplates": { validate: (object) => validateTemplate(objectAt(object, "template"), "template") },
};
