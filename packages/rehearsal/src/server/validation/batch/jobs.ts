// Jobs (kubernetes pkg/apis/batch/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, stringAt, textAt } from "../../../admission/read-json.ts";
import { invalidValue, requiredValue, tooLong, unsupportedValue } from "../../field-error.ts";
import { validateDomainPath } from "../domain-path.ts";
import { matchSelector, showSelector, sortKeys, validateLabelSelector } from "../label-selector.ts";
import { notNegative } from "../numbers.ts";
import { validateTemplate } from "../pods/pod-template.ts";
import type { Validator } from "../validator.ts";
import { immutable, templateMismatch } from "../workloads.ts";
import { validateIndexedCounts, validateSuccessPolicy } from "./job-indexes.ts";
import { validatePodFailurePolicy } from "./pod-failure-policy.ts";

const LONGEST_MANAGER = 63;
const counts = [
  "parallelism",
  "completions",
  "activeDeadlineSeconds",
  "backoffLimit",
  "ttlSecondsAfterFinished",
  "backoffLimitPerIndex",
  "maxFailedIndexes",
];

/** A job's spec without its selector; `path` is where it stands. */
export function validateJobSpec(spec: JsonObject, path: string): FieldError[] {
  const errors = counts.flatMap((field) => notNegative(spec, field, path));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(requiredValue(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  }
  errors.push(...validateManager(spec, path));
  const mode = stringAt(spec, "completionMode") ?? "NonIndexed";
  const modes = ["NonIndexed", "Indexed"];
  if (!modes.includes(mode)) errors.push(unsupportedValue(`${path}.completionMode`, mode, modes));
  if (mode === "Indexed") errors.push(...validateIndexedCounts(spec, path));
  if (mode === "NonIndexed") {
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"]) {
      const value = numberAt(spec, field);
      const detail = "requires indexed completion mode";
      if (value !== undefined) errors.push(invalidValue(`${path}.${field}`, value, detail));
    }
  }
  errors.push(...validatePodFailurePolicy(spec, path), ...validateSuccessPolicy(spec, path));
  const replacement = stringAt(spec, "podReplacementPolicy");
  const decides = spec.podFailurePolicy !== undefined;
  const replacements = decides ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (replacement !== undefined && !replacements.includes(replacement)) {
    errors.push(unsupportedValue(`${path}.podReplacementPolicy`, replacement, replacements));
  }
  const template = objectAt(spec, "template");
  errors.push(...validateTemplate(template, `${path}.template`));
  const policy = textAt(template, "spec", "restartPolicy");
  const at = `${path}.template.spec.restartPolicy`;
  // Always is what a template without a policy gets.
  if (!policy || policy === "Always") {
    errors.push(requiredValue(at, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== "OnFailure" && policy !== "Never") {
    errors.push(unsupportedValue(at, policy, ["OnFailure", "Never"]));
  } else if (decides && policy !== "Never") {
    const detail = 'only "Never" is supported when podFailurePolicy is specified';
    errors.push(invalidValue(at, policy, detail));
  }
  return errors;
}

/** Who else than the Job controller looks after a Job. */
function validateManager({ managedBy }: JsonObject, path: string): FieldError[] {
  if (managedBy === undefined) return [];
  const field = `${path}.managedBy`;
  const errors = validateDomainPath(String(managedBy), field);
  return String(managedBy).length > LONGEST_MANAGER ? [...errors, tooLong(field, LONGEST_MANAGER)] : errors;
}

function validateJob(job: KubernetesObject): FieldError[] {
  const spec = objectAt(job, "spec");
  const selector = spec.manualSelector === true ? [] : validateJobSelector(job);
  return [...selector, ...validateSelectedJob(spec), ...validateHostname(job)];
}

/** A job with its selector, as it is after the server has filled that in. */
function validateSelectedJob(spec: JsonObject): FieldError[] {
  const errors = validateJobSpec(spec, "spec");
  const { selector } = spec;
  const labels = objectAt(spec, "template", "metadata", "labels");
  if (isJsonObject(selector)) errors.push(...validateLabelSelector(selector, "spec.selector"));
  else errors.push(requiredValue("spec.selector"));
  if (matchSelector(selector, labels) === false) errors.push(templateMismatch(labels));
  return errors;
}

/** Pods of an indexed job are called by their number, which must fit into a host's name. */
function validateHostname(job: KubernetesObject): FieldError[] {
  const completions = numberAt(job, "spec", "completions") ?? 0;
  if (textAt(job, "spec", "completionMode") !== "Indexed" || completions <= 0) return [];
  const { name } = job.metadata;
  const host = `${name}-${completions - 1}`;
  if (host.length <= 63 && !host.includes(".")) return [];
  const detail = `will not able to create pod with invalid DNS label: ${host}`;
  return [invalidValue("metadata.name", name, detail)];
}

/** Without `manualSelector` a job's selector is the server's, and nothing else. */
function validateJobSelector({ spec, metadata }: KubernetesObject): FieldError[] {
  const selector = objectAt(spec).selector;
  // A selector that is missing is told of by the check of the spec.
  if (!isJsonObject(selector)) return [];
  const { uid = "", name } = metadata;
  const errors = ["controller-uid", "job-name"].flatMap((label) =>
    validateHasLabel(spec, label, { uid, name }),
  );
  errors.push(
    ...["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"].flatMap((label) =>
      validateHasLabel(spec, label, { uid, name }),
    ),
  );
  const generated = {
    "controller-uid": uid,
    "job-name": name,
    "batch.kubernetes.io/controller-uid": uid,
    "batch.kubernetes.io/job-name": name,
  };
  if (matchSelector(selector, generated) === false) {
    errors.push(invalidValue("spec.selector", showSelector(selector), "`selector` not auto-generated"));
  }
  return errors;
}

function validateHasLabel(
  spec: Json | undefined,
  label: string,
  { uid, name }: { uid: string; name: string },
): FieldError[] {
  const labels = objectAt(spec, "template", "metadata", "labels");
  const expected = label.endsWith("uid") ? uid : name;
  const found = labels[label];
  if (found === expected) return [];
  const path = "spec.template.metadata.labels";
  if (found === undefined) return [requiredValue(`${path}[${label}]`, `must be '${expected}'`)];
  return [invalidValue(`${path}[${label}]`, sortKeys(labels), `must be '${expected}'`)];
}

function validateJobUpdate(
  job: KubernetesObject,
  old: KubernetesObject,
  sent: KubernetesObject,
): FieldError[] {
  const indexed = textAt(job, "spec", "completionMode") === "Indexed";
  const adaptable = isAdaptable(old);
  // The real server checks a changed job as a new one and then once more.
  const errors = validateSelectedJob(objectAt(sent, "spec"));
  errors.push(...(indexed ? validateElastic(job, old) : immutable("completions")(job, old)));
  errors.push(...immutable("selector")(job, old));
  if (!equalJson(fixedTemplate(job, adaptable), fixedTemplate(old, adaptable))) {
    const path = adaptable ? ["spec", "template", "spec"] : ["spec", "template"];
    errors.push(invalidValue(path.join("."), objectAt(job, ...path), "field is immutable"));
  }
  errors.push(
    ...immutable(
      "completionMode",
      "podFailurePolicy",
      "backoffLimitPerIndex",
      "managedBy",
      "successPolicy",
    )(job, old, sent),
  );
  return errors;
}

/** An indexed job is made larger or smaller as one that runs all at once. */
function validateElastic(job: KubernetesObject, old: KubernetesObject): FieldError[] {
  const [now, before] = [job, old].map((one) => numberAt(one, "spec", "completions"));
  if (now === before || now === undefined || now === numberAt(job, "spec", "parallelism")) return [];
  return [invalidValue("spec.completions", now, "can only be modified in tandem with spec.parallelism")];
}

/** While a job waits to be started, or has stopped, its template may be adapted. */
function isAdaptable({ spec, status }: KubernetesObject): boolean {
  if (objectAt(spec).suspend !== true || numberAt(status, "active")) return false;
  const stopped = objectsAt(status, "conditions").some(
    (one) => one.type === "Suspended" && one.status === "True",
  );
  return stopped || textAt(status, "startTime") === undefined;
}

/** What may not change of a job's template; what decides on its nodes and what it asks for may, where it is adaptable. */
function fixedTemplate(job: KubernetesObject, adaptable: boolean): Json {
  const template = objectAt(job, "spec", "template");
  if (!adaptable) return template;
  const { affinity, ...spec } = objectAt(template, "spec");
  for (const field of ["nodeSelector", "tolerations", "schedulingGates"]) delete spec[field];
  const { nodeAffinity: _, ...others } = objectAt(affinity);
  for (const list of ["containers", "initContainers"]) {
    if (spec[list] === undefined) continue;
    spec[list] = objectsAt(spec, list).map(({ resources: _resources, ...container }) => container);
  }
  return Object.keys(others).length > 0 ? { ...spec, affinity: others } : spec;
}

/** By collection. */
export const jobValidators: Readonly<Record<string, Validator>> = {
  "batch/jobs": { validate: validateJob, validateUpdate: validateJobUpdate },
};
