// Pods and templates of Pods (kubernetes pkg/apis/core/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateAnnotations, validateLabels } from "../metadata.ts";
import type { Validator } from "../validator.ts";
import { adaptGated } from "./gated-pods.ts";
import { validateKeptAnnotations, validatePodAnnotations } from "./pod-annotations.ts";
import { validatePodSpec } from "./pod-spec.ts";
import { validateTolerations } from "./tolerations.ts";

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
    ...validatePodAnnotations(template, `${path}.annotations`),
    ...validatePodSpec({ ...spec, volumes: [...extraVolumes, ...own] }, `${path}.spec`),
    ...(twice ? metadata : []),
  ];
  if (objectsAt(spec, "ephemeralContainers").length > 0) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbiddenValue(`${path}.spec.ephemeralContainers`, detail));
  }
  return errors;
}

/** What an update may change of a pod that exists: images, tolerations that are added, deadlines, the place of a gated one. */
function validatePodUpdate(
  pod: KubernetesObject,
  old: KubernetesObject,
  sent: KubernetesObject,
): FieldError[] {
  const errors = validateKeptAnnotations(pod, old);
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
  const deadline = validateDeadlineUpdate(pod, old);
  errors.push(...deadline);
  // A deadline that is later ends the check, one that is taken away does not.
  if (deadline.length > 0 && numberAt(pod, "spec", "activeDeadlineSeconds") !== undefined) return errors;
  errors.push(...validateAddedTolerations(pod, old), ...validateLiftedGates(pod, old));
  const graceOf = (object: JsonObject) => objectAt(object, "spec").terminationGracePeriodSeconds;
  const shortens = Number(graceOf(old)) < 0 && graceOf(pod) === 1;
  const adapted = adaptGated(objectAt(pod, "spec"), objectAt(old, "spec"), objectAt(sent, "spec"));
  errors.push(...adapted.errors);
  if (equalJson(fixedParts({ spec: adapted.spec }, shortens), fixedParts(old, shortens))) return errors;
  const detail =
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
  return [...errors, forbiddenValue("spec", detail)];
}

/** A deadline may be set, and come nearer. */
function validateDeadlineUpdate(pod: KubernetesObject, old: KubernetesObject): FieldError[] {
  const path = "spec.activeDeadlineSeconds";
  const [now, before] = [pod, old].map((one) => numberAt(one, "spec", "activeDeadlineSeconds"));
  if (now === undefined) {
    const detail = "must not update from a positive integer to nil value";
    return before === undefined ? [] : [invalidValue(path, null, detail)];
  }
  if (now < 0 || now > 2_147_483_647) {
    return [invalidValue(path, now, "must be between 0 and 2147483647, inclusive")];
  }
  if (before === undefined || now <= before) return [];
  return [invalidValue(path, now, "must be less than or equal to previous value")];
}

/** What was tolerated is; for how long may change. */
function validateAddedTolerations(pod: KubernetesObject, old: KubernetesObject): FieldError[] {
  const content = ({ key = "", operator = "", value = "", effect = "" }: JsonObject) =>
    JSON.stringify([key, operator, value, effect]);
  const [now, before] = [pod, old].map((one) => objectsAt(one, "spec", "tolerations"));
  const kept = new Set(now?.map(content));
  if (before?.some((one) => !kept.has(content(one)))) {
    const detail = "existing toleration can not be modified except its tolerationSeconds";
    return [forbiddenValue("spec.tolerations", detail)];
  }
  return validateTolerations(now ?? [], "spec.tolerations");
}

/** Gates are lifted, not added. */
function validateLiftedGates(pod: KubernetesObject, old: KubernetesObject): FieldError[] {
  const known = objectsAt(old, "spec", "schedulingGates").map(({ name }) => name);
  return objectsAt(pod, "spec", "schedulingGates").flatMap(({ name }, index) => {
    if (known.includes(name)) return [];
    const detail = `only deletion is allowed, but found new scheduling gate '${String(name)}'`;
    return [forbiddenValue(`spec.schedulingGates[${index}].name`, detail)];
  });
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

/** A pod with tokens says whose they are (validatePodMetadataAndSpec); one that is new is given an account before. */
function validateTokens(spec: JsonObject): FieldError[] {
  if (textAt(spec, "serviceAccountName") !== undefined) return [];
  const detail = "must not be specified when serviceAccountName is not set";
  return objectsAt(spec, "volumes").flatMap((volume, index) =>
    objectsAt(volume, "projected", "sources").flatMap((source, at) => {
      const path = `spec.volumes[${index}].projected.sources[${at}].serviceAccountToken`;
      return isJsonObject(source.serviceAccountToken) ? [forbiddenValue(path, detail)] : [];
    }),
  );
}

function isMirror({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
}

/** By collection. */
export const podValidators: Readonly<Record<string, Validator>> = {
  "/pods": {
    validate: (pod) => [
      ...validatePodAnnotations(pod, "metadata.annotations"),
      ...validatePodSpec(objectAt(pod, "spec"), "spec", { mirror: isMirror(pod) }),
      ...validateTokens(objectAt(pod, "spec")),
    ],
    validateUpdate: validatePodUpdate,
  },
  "/podtemplates": { validate: (object) => validateTemplate(objectAt(object, "template"), "template") },
};
