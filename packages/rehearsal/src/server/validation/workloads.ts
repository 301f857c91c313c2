// Workloads (kubernetes pkg/apis/{apps,batch,policy,autoscaling}/validation).
import { type FieldError, type KubernetesObject, matchesLabelSelector } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import { equalJson } from "../../store/immutable.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { validateLabels } from "./metadata.ts";
import { validatePodSpec, validatePodUpdate } from "./pod-spec.ts";
import type { Validator } from "./validator.ts";

const IMMUTABLE = "field is immutable";

/** Fields under `spec` that may not change any more. */
function immutable(...fields: readonly string[]) {
  return (object: KubernetesObject, old: KubernetesObject): FieldError[] =>
    fields.flatMap((field) => {
      const [now, before] = [valueAt(object, "spec", field), valueAt(old, "spec", field)];
      return equalJson(now, before) ? [] : [invalidValue(`spec.${field}`, now, IMMUTABLE)];
    });
}

function validateSelectedTemplate(
  object: KubernetesObject,
  extraVolumes: readonly string[] = [],
): FieldError[] {
  const selector = objectAt(object, "spec", "selector");
  const template = objectAt(object, "spec", "template");
  const errors: FieldError[] = [];
  const terms =
    Object.keys(objectAt(selector, "matchLabels")).length + objectsAt(selector, "matchExpressions").length;
  if (valueAt(object, "spec", "selector") === undefined || valueAt(object, "spec", "selector") === null) {
    errors.push(requiredValue("spec.selector"));
  } else if (terms === 0) {
    errors.push(invalidValue("spec.selector", selector, "empty selector is invalid for deployment"));
  } else {
    const labels = objectAt(template, "metadata", "labels") as Record<string, string>;
    if (!matchesLabelSelector(selector, labels)) {
      errors.push(
        invalidValue("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"),
      );
    }
  }
  errors.push(...validateTemplate(template, "spec.template", extraVolumes));
  const policy = textAt(template, "spec", "restartPolicy");
  if (policy && policy !== "Always") {
    errors.push(unsupportedValue("spec.template.spec.restartPolicy", policy, ["Always"]));
  }
  errors.push(...notNegative(object, "replicas"));
  return errors;
}

function validateTemplate(
  template: JsonObject,
  path: string,
  extraVolumes: readonly string[] = [],
): FieldError[] {
  const spec = objectAt(template, "spec");
  const volumes: Json[] = [
    ...objectsAt(spec, "volumes"),
    ...extraVolumes.map((name) => ({ name, emptyDir: {} })),
  ];
  return [
    ...validateLabels(valueAt(template, "metadata", "labels"), `${path}.labels`),
    ...validatePodSpec({ ...spec, volumes }, `${path}.spec`),
  ];
}

function notNegative(object: KubernetesObject, field: string): FieldError[] {
  const value = numberAt(object, "spec", field);
  if (value === undefined || value >= 0) return [];
  return [invalidValue(`spec.${field}`, value, "must be greater than or equal to 0")];
}

function validateStatefulSet(object: KubernetesObject): FieldError[] {
  const claims = objectsAt(object, "spec", "volumeClaimTemplates").map(
    (claim) => textAt(claim, "metadata", "name") ?? "",
  );
  return validateSelectedTemplate(object, claims);
}

function validateStatefulSetUpdate(object: KubernetesObject, old: KubernetesObject): FieldError[] {
  const fixed = (one: KubernetesObject): Json => {
    const {
      replicas: _,
      template: _template,
      updateStrategy: _strategy,
      persistentVolumeClaimRetentionPolicy: _policy,
      minReadySeconds: _ready,
      ordinals: _ordinals,
      revisionHistoryLimit: _history,
      ...rest
    } = objectAt(one, "spec");
    return rest;
  };
  if (equalJson(fixed(object), fixed(old))) return [];
  return [
    forbiddenValue(
      "spec",
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ),
  ];
}

function validateJob(object: KubernetesObject): FieldError[] {
  const template = objectAt(object, "spec", "template");
  const errors = validateTemplate(template, "spec.template");
  const policy = textAt(template, "spec", "restartPolicy");
  if (policy !== "OnFailure" && policy !== "Never") {
    const message = unsupportedValue("spec.template.spec.restartPolicy", policy ?? "", [
      "OnFailure",
      "Never",
    ]);
    errors.push(
      policy
        ? message
        : requiredValue("spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"'),
    );
  }
  for (const field of ["parallelism", "completions", "backoffLimit"])
    errors.push(...notNegative(object, field));
  return errors;
}

function validateCronJob(object: KubernetesObject): FieldError[] {
  const schedule = textAt(object, "spec", "schedule");
  const errors = validateTemplate(
    objectAt(object, "spec", "jobTemplate", "spec", "template"),
    "spec.jobTemplate.spec.template",
  );
  if (!schedule) errors.push(requiredValue("spec.schedule"));
  else if (!schedule.startsWith("@") && schedule.trim().split(/\s+/).length !== 5) {
    const fields = schedule.trim().split(/\s+/).length;
    errors.push(
      invalidValue("spec.schedule", schedule, `expected exactly 5 fields, found ${fields}: [${schedule}]`),
    );
  }
  return errors;
}

function validateScaler(object: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const least = numberAt(object, "spec", "minReplicas") ?? 1;
  const most = numberAt(object, "spec", "maxReplicas") ?? 0;
  if (least < 1) errors.push(invalidValue("spec.minReplicas", least, "must be greater than or equal to 1"));
  if (most < 1) errors.push(invalidValue("spec.maxReplicas", most, "must be greater than 0"));
  else if (most < least) {
    errors.push(invalidValue("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"));
  }
  for (const field of ["kind", "name"]) {
    if (!textAt(object, "spec", "scaleTargetRef", field)) {
      errors.push(requiredValue(`spec.scaleTargetRef.${field}`));
    }
  }
  return errors;
}

function validateDisruptionBudget(object: KubernetesObject): FieldError[] {
  const { minAvailable, maxUnavailable } = objectAt(object, "spec");
  if (minAvailable === undefined || maxUnavailable === undefined) return [];
  return [
    invalidValue("spec", objectAt(object, "spec"), "minAvailable and maxUnavailable cannot be both set"),
  ];
}

export const workloadValidators: Readonly<Record<string, Validator>> = {
  "/pods": {
    validate: (pod) => validatePodSpec(objectAt(pod, "spec"), "spec"),
    validateUpdate: validatePodUpdate,
  },
  "/podtemplates": { validate: (object) => validateTemplate(objectAt(object, "template"), "template") },
  "apps/deployments": {
    validate: (object) => validateSelectedTemplate(object),
    validateUpdate: immutable("selector"),
  },
  "apps/replicasets": {
    validate: (object) => validateSelectedTemplate(object),
    validateUpdate: immutable("selector"),
  },
  "apps/daemonsets": {
    validate: (object) => validateSelectedTemplate(object),
    validateUpdate: immutable("selector"),
  },
  "apps/statefulsets": { validate: validateStatefulSet, validateUpdate: validateStatefulSetUpdate },
  "batch/jobs": {
    validate: validateJob,
    validateUpdate: immutable("selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"),
  },
  "batch/cronjobs": { validate: validateCronJob },
  "autoscaling/horizontalpodautoscalers": { validate: validateScaler },
  "policy/poddisruptionbudgets": { validate: validateDisruptionBudget },
};
