// Workloads (kubernetes pkg/apis/{apps,batch,policy,autoscaling}/validation).
import { equalJson, type FieldError, type KubernetesObject, matchesLabelSelector } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
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
    errors.push(templateMismatch(objectAt(template, "metadata", "labels")));
  } else if (terms === 0) {
    errors.push(invalidValue("spec.selector", selector, "empty selector is invalid for deployment"));
  } else {
    const labels = objectAt(template, "metadata", "labels") as Record<string, string>;
    const wrong = validateLabelSelector(selector, "spec.selector");
    errors.push(...wrong);
    if (wrong.length === 0 && !matchesLabelSelector(selector, labels)) {
      errors.push(templateMismatch(labels));
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

function templateMismatch(labels: JsonObject): FieldError {
  const sorted = Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  return invalidValue("spec.template.metadata.labels", sorted, "`selector` does not match template `labels`");
}

/** A number, or a percentage as text. */
function validatePercent(value: Json | undefined, path: string): FieldError[] {
  if (typeof value !== "string" || /^[0-9]+%$/.test(value)) return [];
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return [invalidValue(path, value, detail)];
}

function validateLabelSelector(selector: JsonObject, path: string): FieldError[] {
  const errors = objectsAt(selector, "matchExpressions").flatMap((expression, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    const operator = String(expression.operator ?? "");
    const count = Array.isArray(expression.values) ? expression.values.length : 0;
    if (operator === "In" || operator === "NotIn") {
      const detail = "must be specified when `operator` is 'In' or 'NotIn'";
      return count > 0 ? [] : [requiredValue(`${at}.values`, detail)];
    }
    if (operator === "Exists" || operator === "DoesNotExist") {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      return count === 0 ? [] : [forbiddenValue(`${at}.values`, detail)];
    }
    return [invalidValue(`${at}.operator`, operator, "not a valid selector operator")];
  });
  if (errors.length > 0) errors.push(invalidValue(path, selector, "invalid label selector"));
  return errors;
}

function validateDeployment(object: KubernetesObject): FieldError[] {
  const errors = validateSelectedTemplate(object);
  const strategy = objectAt(object, "spec", "strategy");
  const path = "spec.strategy";
  if (strategy.type === "Recreate" && strategy.rollingUpdate) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    errors.push(forbiddenValue(`${path}.rollingUpdate`, detail));
  } else if (strategy.type === "RollingUpdate") {
    const { maxSurge, maxUnavailable } = objectAt(strategy, "rollingUpdate");
    for (const [field, value] of Object.entries({ maxUnavailable, maxSurge })) {
      errors.push(...validatePercent(value, `${path}.rollingUpdate.${field}`));
    }
    const isNone = (value: Json | undefined) => value === 0 || value === "0%";
    if (isNone(maxSurge) && isNone(maxUnavailable)) {
      const detail = "may not be 0 when `maxSurge` is 0";
      errors.push(invalidValue(`${path}.rollingUpdate.maxUnavailable`, maxUnavailable, detail));
    }
  } else if (strategy.type !== "Recreate") {
    errors.push(unsupportedValue(path, strategy, ["Recreate", "RollingUpdate"]));
  }
  errors.push(...notNegative(object, "minReadySeconds"), ...notNegative(object, "revisionHistoryLimit"));
  const deadline = numberAt(object, "spec", "progressDeadlineSeconds");
  const least = numberAt(object, "spec", "minReadySeconds") ?? 0;
  if (deadline !== undefined && deadline <= least) {
    errors.push(
      invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"),
    );
  }
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
  const path = "spec.template.spec.restartPolicy";
  // Always is what a template without a policy gets.
  if (!policy || policy === "Always") {
    errors.push(requiredValue(path, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== "OnFailure" && policy !== "Never") {
    errors.push(unsupportedValue(path, policy, ["OnFailure", "Never"]));
  }
  if (valueAt(object, "spec", "manualSelector") !== true) errors.push(...validateJobSelector(object));
  for (const field of ["parallelism", "completions", "backoffLimit"])
    errors.push(...notNegative(object, field));
  return errors;
}

/** Without `manualSelector` a job's selector is the server's, and nothing else. */
function validateJobSelector(job: KubernetesObject): FieldError[] {
  const selector = objectAt(job, "spec", "selector");
  const labels = objectAt(job, "spec", "template", "metadata", "labels");
  const uid = job.metadata.uid ?? "";
  const errors: FieldError[] = [];
  const [key, ...others] = Object.keys(objectAt(selector, "matchLabels"));
  const generated = others.length === 0 && /controller-uid$/.test(key ?? "");
  if (!generated || objectsAt(selector, "matchExpressions").length > 0) {
    errors.push(invalidValue("spec.selector", selector, "`selector` not auto-generated"));
  } else if (textAt(selector, "matchLabels", key ?? "") !== uid) {
    errors.push(invalidValue("spec.selector", selector, "`selector` not auto-generated"));
  }
  if (!matchesLabelSelector(selector, labels as Record<string, string>))
    errors.push(templateMismatch(labels));
  return errors;
}

function validateJobUpdate(job: KubernetesObject, old: KubernetesObject): FieldError[] {
  const indexed = textAt(job, "spec", "completionMode") === "Indexed";
  // While a job waits to be started its template may still be adapted.
  const suspended = valueAt(old, "spec", "suspend") === true;
  const fields = ["selector", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"];
  if (!indexed) fields.push("completions");
  const errors = immutable(...fields)(job, old);
  const [now, before] = [podOf(job, suspended), podOf(old, suspended)];
  if (!equalJson(now, before)) {
    errors.push(invalidValue("spec.template", objectAt(job, "spec", "template"), IMMUTABLE));
  }
  return errors;
}

/** A job's template; before it runs, without what decides on its nodes. */
function podOf(job: KubernetesObject, suspended: boolean): Json {
  const template = objectAt(job, "spec", "template");
  if (!suspended) return template;
  const {
    affinity: _affinity,
    nodeSelector: _nodes,
    tolerations: _tolerations,
    schedulingGates: _gates,
    ...spec
  } = objectAt(template, "spec");
  return spec;
}

function validateCronJob(object: KubernetesObject): FieldError[] {
  const schedule = textAt(object, "spec", "schedule");
  const errors = validateTemplate(
    objectAt(object, "spec", "jobTemplate", "spec", "template"),
    "spec.jobTemplate.spec.template",
  );
  if (object.metadata.name.length > 52) {
    const detail = "must be no more than 52 characters";
    errors.push(invalidValue("metadata.name", object.metadata.name, detail));
  }
  if (!schedule) errors.push(requiredValue("spec.schedule"));
  else if (schedule.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    errors.push(invalidValue("spec.schedule", schedule, detail));
  } else if (!schedule.startsWith("@")) {
    const fields = schedule.trim().split(/\s+/);
    const wrong = fields.find((field) => !/^[\d*?,/-]+$|^[a-zA-Z]{3}([,-][a-zA-Z]{3})*$/.test(field));
    if (fields.length !== 5) {
      const detail = `expected exactly 5 fields, found ${fields.length}: [${schedule}]`;
      errors.push(invalidValue("spec.schedule", schedule, detail));
    } else if (wrong !== undefined) {
      const detail = `failed to parse int from ${wrong}: strconv.Atoi: parsing ${JSON.stringify(wrong)}: invalid syntax`;
      errors.push(invalidValue("spec.schedule", schedule, detail));
    } else {
      for (const [index, field] of fields.entries()) {
        const most = [59, 23, 31, 12, 6][index] ?? 0;
        const above = field.match(/\d+/g)?.find((text) => Number(text) > most && !field.includes("/"));
        if (above === undefined) continue;
        const detail = `end of range (${above}) above maximum (${most}): ${field}`;
        errors.push(invalidValue("spec.schedule", schedule, detail));
      }
    }
  }
  const zone = textAt(object, "spec", "timeZone");
  if (zone && !isTimeZone(zone)) {
    errors.push(invalidValue("spec.timeZone", zone, `unknown time zone ${zone}`));
  }
  const policy = textAt(object, "spec", "concurrencyPolicy") ?? "Allow";
  const policies = ["Allow", "Forbid", "Replace"];
  if (!policies.includes(policy)) {
    errors.push(unsupportedValue("spec.concurrencyPolicy", policy, policies));
  }
  return errors;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
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
  const { apiVersion = "", kind } = objectAt(object, "spec", "scaleTargetRef");
  if (!String(apiVersion).includes("/") && kind !== "ReplicationController") {
    const detail = "apiVersion must specify API group";
    errors.push(invalidValue("spec.scaleTargetRef.apiVersion", apiVersion, detail));
  }
  return errors;
}

function validateDisruptionBudget(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    // The real server shows the Go struct.
    const shown = {
      MinAvailable: spec.minAvailable,
      Selector: spec.selector ?? null,
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    errors.push(invalidValue("spec", shown, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const field of ["minAvailable", "maxUnavailable"]) {
    errors.push(...validatePercent(spec[field], `spec.${field}`));
  }
  return errors;
}

export const workloadValidators: Readonly<Record<string, Validator>> = {
  "/pods": {
    validate: (pod) => validatePodSpec(objectAt(pod, "spec"), "spec"),
    validateUpdate: validatePodUpdate,
  },
  "/podtemplates": { validate: (object) => validateTemplate(objectAt(object, "template"), "template") },
  "apps/deployments": {
    validate: validateDeployment,
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
    validateUpdate: validateJobUpdate,
  },
  "batch/cronjobs": { validate: validateCronJob },
  "autoscaling/horizontalpodautoscalers": { validate: validateScaler },
  "policy/poddisruptionbudgets": { validate: validateDisruptionBudget },
};
