// Workloads and their templates (kubernetes pkg/apis/apps/validation).
import { equalJson, type FieldError, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt, valueAt } from "../../admission/read-json.ts";
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from "../field-error.ts";
import { showSuccessPolicy } from "./batch/job-indexes.ts";
import { showPodFailurePolicy } from "./batch/pod-failure-policy.ts";
import {
  countTerms,
  matchSelector,
  showSelector,
  sortKeys,
  validateLabelSelector,
} from "./label-selector.ts";
import { checkDnsLabel, invalidText } from "./names.ts";
import { countOf, notNegative, validatePercent, validateWhole } from "./numbers.ts";
import { validateTemplate } from "./pods/pod-template.ts";
import { validateClaimSpec } from "./storage/claims.ts";
import type { Validator } from "./validator.ts";

const IMMUTABLE = "field is immutable";

/** Fields that the server shows as its own types are, and how. */
const showing: Readonly<Record<string, (value: Json | undefined) => Json | undefined>> = {
  podFailurePolicy: showPodFailurePolicy,
  selector: showSelector,
  successPolicy: showSuccessPolicy,
};

/** Fields under `spec` that may not change any more; `sent` is what is shown of them. */
export function immutable(...fields: readonly string[]) {
  return (object: KubernetesObject, old: KubernetesObject, sent = object): FieldError[] =>
    fields.flatMap((field) => {
      if (equalJson(valueAt(object, "spec", field), valueAt(old, "spec", field))) return [];
      const value = valueAt(sent, "spec", field);
      return [invalidValue(`spec.${field}`, showing[field]?.(value) ?? value, IMMUTABLE)];
    });
}

/** The labels as Go prints them: sorted, null for none. */
export function templateMismatch(labels: JsonObject): FieldError {
  const shown = Object.keys(labels).length === 0 ? null : sortKeys(labels);
  return invalidValue("spec.template.metadata.labels", shown, "`selector` does not match template `labels`");
}

/** A selector that must be there and choose the template's Pods, and the template. */
function validateSelected(spec: JsonObject, kind: string, wrongSelector: string): FieldError[] {
  const { selector } = spec;
  const labels = objectAt(spec, "template", "metadata", "labels");
  const errors: FieldError[] = [];
  if (!isJsonObject(selector)) errors.push(requiredValue("spec.selector"));
  else {
    errors.push(...validateLabelSelector(selector, "spec.selector"));
    if (countTerms(selector) === 0) {
      errors.push(invalidValue("spec.selector", {}, `empty selector is invalid for ${kind}`));
    }
  }
  const matches = matchSelector(selector, labels);
  if (matches === undefined) {
    errors.push(invalidValue("spec.selector", showSelector(selector), wrongSelector));
    return errors;
  }
  const empty = isJsonObject(selector) && countTerms(selector) === 0;
  if (!matches && !empty) errors.push(templateMismatch(labels));
  return errors;
}

/** Templates of workloads that run for ever. */
function validateLasting(spec: JsonObject, kind: string): FieldError[] {
  const policy = textAt(spec, "template", "spec", "restartPolicy") ?? "";
  const path = "spec.template.spec";
  return [
    ...(policy === "Always" ? [] : [unsupportedValue(`${path}.restartPolicy`, policy, ["Always"])]),
    ...(valueAt(spec, "template", "spec", "activeDeadlineSeconds") === undefined
      ? []
      : [
          forbiddenValue(
            `${path}.activeDeadlineSeconds`,
            `activeDeadlineSeconds in ${kind} is not Supported`,
          ),
        ]),
  ];
}

function validateReplicated(spec: JsonObject): FieldError[] {
  const errors = validateSelected(spec, "deployment", "invalid label selector");
  if (errors.at(-1)?.message.endsWith("invalid label selector")) return errors;
  const template = objectAt(spec, "template");
  return [...errors, ...validateTemplate(template, "spec.template"), ...validateLasting(spec, "ReplicaSet")];
}

function validateDeployment(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = [...notNegative(spec, "replicas", "spec"), ...validateReplicated(spec)];
  errors.push(...validateDeploymentStrategy(objectAt(spec, "strategy")));
  for (const field of ["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"]) {
    errors.push(...notNegative(spec, field, "spec"));
  }
  const deadline = numberAt(spec, "progressDeadlineSeconds");
  if (deadline !== undefined && deadline <= (numberAt(spec, "minReadySeconds") ?? 0)) {
    const detail = "must be greater than minReadySeconds";
    errors.push(invalidValue("spec.progressDeadlineSeconds", deadline, detail));
  }
  return errors;
}

function validateDeploymentStrategy(strategy: JsonObject): FieldError[] {
  const path = "spec.strategy";
  if (strategy.type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return strategy.rollingUpdate ? [forbiddenValue(`${path}.rollingUpdate`, detail)] : [];
  }
  if (strategy.type !== "RollingUpdate") {
    const shown = showStrategy(strategy, (update) => ({
      MaxUnavailable: update.maxUnavailable ?? 0,
      MaxSurge: update.maxSurge ?? 0,
    }));
    return [unsupportedValue(path, shown, ["Recreate", "RollingUpdate"])];
  }
  const { maxSurge, maxUnavailable } = objectAt(strategy, "rollingUpdate");
  const at = `${path}.rollingUpdate`;
  const errors = validatePercent(maxUnavailable, `${at}.maxUnavailable`);
  errors.push(...validatePercent(maxSurge, `${at}.maxSurge`));
  if (countOf(maxUnavailable) === 0 && countOf(maxSurge) === 0) {
    errors.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return [...errors, ...validateWhole(maxUnavailable, `${at}.maxUnavailable`)];
}

function validateReplicaSet(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  return [
    ...notNegative(spec, "replicas", "spec"),
    ...notNegative(spec, "minReadySeconds", "spec"),
    ...validateReplicated(spec),
  ];
}

/** Its selector is a map, and there may be no template, which must be one here. */
function validateReplicationController(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const selector = objectAt(spec, "selector");
  const isEmpty = Object.keys(selector).length === 0;
  const errors = [
    ...notNegative(spec, "minReadySeconds", "spec"),
    ...(isEmpty ? [requiredValue("spec.selector")] : []),
    ...notNegative(spec, "replicas", "spec"),
  ];
  if (spec.template === undefined) return [...errors, requiredValue("spec.template")];
  const labels = objectAt(spec, "template", "metadata", "labels");
  const matches = Object.entries(selector).every(([key, value]) => labels[key] === value);
  if (!matches) errors.push(templateMismatch(labels));
  errors.push(...validateTemplate(objectAt(spec, "template"), "spec.template"));
  return [...errors, ...validateLasting(spec, "ReplicationController")];
}

function validateDaemonSet(object: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const { selector } = spec;
  const errors = validateLabelSelector(selector, "spec.selector");
  const labels = objectAt(spec, "template", "metadata", "labels");
  if (matchSelector(selector, labels) === false) errors.push(templateMismatch(labels));
  if (isJsonObject(selector) && countTerms(selector) === 0) {
    errors.push(invalidValue("spec.selector", {}, "empty selector is invalid for daemonset"));
  }
  errors.push(...validateTemplate(objectAt(spec, "template"), "spec.template"));
  errors.push(...validateLasting(spec, "DaemonSet"), ...notNegative(spec, "minReadySeconds", "spec"));
  errors.push(...validateDaemonStrategy(objectAt(spec, "updateStrategy")));
  return [...errors, ...notNegative(spec, "revisionHistoryLimit", "spec")];
}

/** A strategy as the server's own type shows it. */
function showStrategy(strategy: JsonObject, show: (update: JsonObject) => JsonObject): JsonObject {
  const { type = "", rollingUpdate } = strategy;
  return { Type: type, RollingUpdate: isJsonObject(rollingUpdate) ? show(rollingUpdate) : null };
}

const showPartition = ({ partition, maxUnavailable }: JsonObject): JsonObject => ({
  Partition: partition ?? 0,
  MaxUnavailable: maxUnavailable ?? null,
});

function validateDaemonStrategy(strategy: JsonObject): FieldError[] {
  const path = "spec.updateStrategy";
  if (strategy.type === "OnDelete") return [];
  if (strategy.type !== "RollingUpdate") {
    const shown = showStrategy(strategy, (update) => ({
      MaxUnavailable: update.maxUnavailable ?? 0,
      MaxSurge: update.maxSurge ?? 0,
    }));
    return [unsupportedValue(path, shown, ["RollingUpdate", "OnDelete"])];
  }
  if (!isJsonObject(strategy.rollingUpdate)) return [requiredValue(`${path}.rollingUpdate`)];
  const { maxSurge, maxUnavailable } = strategy.rollingUpdate;
  const at = `${path}.rollingUpdate`;
  const errors = validatePercent(maxUnavailable, `${at}.maxUnavailable`);
  errors.push(...validatePercent(maxSurge, `${at}.maxSurge`));
  errors.push(
    ...validateWhole(maxUnavailable, `${at}.maxUnavailable`),
    ...validateWhole(maxSurge, `${at}.maxSurge`),
  );
  const [surges, stops] = [countOf(maxSurge) !== 0, countOf(maxUnavailable) !== 0];
  if (surges && stops) {
    errors.push(invalidValue(`${at}.maxSurge`, maxSurge, "may not be set when maxUnavailable is non-zero"));
  }
  if (!surges && !stops) errors.push(requiredValue(`${at}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  return errors;
}

function validateStatefulSet(object: KubernetesObject, old?: KubernetesObject): FieldError[] {
  const spec = objectAt(object, "spec");
  const errors: FieldError[] = [];
  const management = textAt(spec, "podManagementPolicy") ?? "";
  if (management === "") errors.push(requiredValue("spec.podManagementPolicy"));
  else if (management !== "OrderedReady" && management !== "Parallel") {
    const detail = "must be 'OrderedReady' or 'Parallel'";
    errors.push(invalidValue("spec.podManagementPolicy", management, detail));
  }
  errors.push(...validateStatefulStrategy(objectAt(spec, "updateStrategy")), ...validateRetention(spec));
  // They may not change, and what was stored before may stay.
  const claims = old ? [] : objectsAt(spec, "volumeClaimTemplates");
  for (const [index, claim] of claims.entries()) {
    errors.push(...validateClaimSpec(objectAt(claim, "spec"), `spec.volumeClaimTemplates[${index}].spec`));
  }
  errors.push(...notNegative(spec, "replicas", "spec"), ...notNegative(spec, "minReadySeconds", "spec"));
  errors.push(...notNegative(objectAt(spec, "ordinals"), "start", "spec.ordinals"));
  const service = textAt(spec, "serviceName");
  if (!old && service) errors.push(...invalidText("spec.serviceName", service, checkDnsLabel));
  const selection = validateSelected(spec, "statefulset", "");
  errors.push(...selection);
  const { hostname: _, subdomain: __, ...pod } = objectAt(spec, "template", "spec");
  const template = { ...objectAt(spec, "template"), spec: pod };
  const labels = objectAt(template, "metadata", "labels");
  if (matchSelector(spec.selector, labels) !== undefined) {
    // Metadata is looked at twice by the real server.
    errors.push(...validateTemplate(template, "spec.template", claimVolumes(spec), true));
  }
  return [...errors, ...validateLasting(spec, "StatefulSet")];
}

/** The volumes that the claims of a StatefulSet's Pods become. */
function claimVolumes(spec: JsonObject): JsonObject[] {
  return objectsAt(spec, "volumeClaimTemplates").map((claim) => ({
    name: textAt(claim, "metadata", "name") ?? "",
    persistentVolumeClaim: { claimName: textAt(claim, "metadata", "name") ?? "" },
  }));
}

/** What becomes of a set's claims. */
function validateRetention(spec: JsonObject): FieldError[] {
  const policy = spec.persistentVolumeClaimRetentionPolicy;
  if (!isJsonObject(policy)) return [];
  const policies = ["Retain", "Delete"];
  return ["whenDeleted", "whenScaled"].flatMap((field) => {
    const value = textAt(policy, field) ?? "";
    if (policies.includes(value)) return [];
    return [unsupportedValue(`spec.persistentVolumeClaimRetentionPolicy.${field}`, value, policies)];
  });
}

function validateStatefulStrategy(strategy: JsonObject): FieldError[] {
  const path = "spec.updateStrategy";
  const { type, rollingUpdate } = strategy;
  if (!type) return [requiredValue(path)];
  if (type === "OnDelete") {
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    if (!isJsonObject(rollingUpdate)) return [];
    return [invalidValue(`${path}.rollingUpdate`, showPartition(rollingUpdate), detail)];
  }
  if (type !== "RollingUpdate") {
    const shown = showStrategy(strategy, showPartition);
    return [invalidValue(path, shown, "must be 'RollingUpdate' or 'OnDelete'")];
  }
  return notNegative(objectAt(rollingUpdate), "partition", `${path}.rollingUpdate`);
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

/** By collection. */
export const workloadValidators: Readonly<Record<string, Validator>> = {
  "/replicationcontrollers": { validate: validateReplicationController },
  "apps/deployments": { validate: validateDeployment, validateUpdate: immutable("selector") },
  "apps/replicasets": { validate: validateReplicaSet, validateUpdate: immutable("selector") },
  "apps/daemonsets": {
    validate: validateDaemonSet,
    validateUpdate: immutable("selector"),
    updateFirst: true,
  },
  "apps/statefulsets": { validate: validateStatefulSet, validateUpdate: validateStatefulSetUpdate },
};
