// What may be written into a status (the status strategies of kubernetes pkg/registry and pkg/apis/*/validation).
import { isIP } from "node:net";
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../admission/read-json.ts";
import {
  duplicateValue,
  forbiddenValue,
  invalidValue,
  requiredValue,
  tooLong,
  unsupportedValue,
} from "../field-error.ts";
import { validateJobStatus } from "./batch/job-status.ts";
import { checkDnsSubdomain, checkQualifiedName, invalidText } from "./names.ts";
import { validateAddress } from "./network/addresses.ts";
import { notNegative } from "./numbers.ts";
import { validateKeptAnnotations } from "./pods/pod-annotations.ts";
import { validateClaimStatuses } from "./pods/resource-claims.ts";
import { validateQuotaAmounts } from "./quotas.ts";
import { validateDeviceClaimStatus } from "./resource/claim-status.ts";
import { validateRequestStatus } from "./signing-requests.ts";
import { validateAttachmentStatus } from "./storage/attachments.ts";
import { validateClaimStatus } from "./storage/claim-status.ts";

/** What is wrong with a status that is written in the place of that of `old`. */
export type StatusCheck = (object: KubernetesObject, old: KubernetesObject) => FieldError[];

/** Numbers of a status that may not be negative, in the order in which they are told of. */
function counts(fields: string): StatusCheck {
  const names = fields.split(" ");
  return ({ status }) => names.flatMap((field) => notNegative(objectAt(status), field, "status"));
}

/** No more pods may be anything than there are, nor available than ready. */
function withinReplicas(fields: string, ready: string): StatusCheck {
  return ({ status }) => {
    const count = (field: string) => numberAt(status, field) ?? 0;
    const errors = fields
      .split(" ")
      .filter((field) => count(field) > count("replicas"))
      .map((field) =>
        invalidValue(`status.${field}`, count(field), "cannot be greater than status.replicas"),
      );
    if (count("availableReplicas") > count("readyReplicas")) {
      const detail = `cannot be greater than ${ready}`;
      errors.push(invalidValue("status.availableReplicas", count("availableReplicas"), detail));
    }
    return errors;
  };
}

const keepsCollisions: StatusCheck = ({ status }, old) => {
  const [now, before] = [numberAt(status, "collisionCount"), numberAt(old.status, "collisionCount")];
  if (before === undefined || (now ?? -1) >= before) return [];
  return [invalidValue("status.collisionCount", now ?? 0, "cannot be decremented")];
};

const all =
  (...checks: readonly StatusCheck[]): StatusCheck =>
  (object, old) =>
    checks.flatMap((check) => check(object, old));

const namespacePhase: StatusCheck = ({ metadata, status }) => {
  const phase = textAt(status, "phase") ?? "";
  const [wanted, is] = metadata.deletionTimestamp ? ["Terminating", "not empty"] : ["Active", "empty"];
  if (phase === wanted) return [];
  return [invalidValue("status.Phase", phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${is}`)];
};

/** A Service has addresses of a load balancer only when it wants one. */
const serviceAddresses: StatusCheck = (service, old) => {
  const path = "status.loadBalancer.ingress";
  const ingress = objectsAt(service.status, "loadBalancer", "ingress");
  if (textAt(service.spec, "type") !== "LoadBalancer" && ingress.length > 0) {
    return [forbiddenValue(path, "may only be used when `spec.type` is 'LoadBalancer'")];
  }
  return ingress.flatMap((entry, index) =>
    validateIngressPoint(entry, `${path}[${index}]`, addressesOf(old)),
  );
};

const ingressAddresses: StatusCheck = ({ status }, old) =>
  objectsAt(status, "loadBalancer", "ingress").flatMap((entry, index) =>
    validateIngressPoint(entry, `status.loadBalancer.ingress[${index}]`, addressesOf(old), false),
  );

function addressesOf({ status }: KubernetesObject): Json[] {
  return objectsAt(status, "loadBalancer", "ingress").map(({ ip }) => ip ?? null);
}

const ipModes = ["Proxy", "VIP"];

function validateIngressPoint(
  entry: JsonObject,
  path: string,
  before: readonly Json[],
  hasMode = true,
): FieldError[] {
  const errors: FieldError[] = [];
  const [ip, host] = [textAt(entry, "ip"), textAt(entry, "hostname")];
  if (ip && !before.includes(ip)) errors.push(...validateAddress(ip, `${path}.ip`));
  if (hasMode) {
    const mode = entry.ipMode;
    const field = `${path}.ipMode`;
    if (mode === undefined && ip) errors.push(requiredValue(field, "must be specified when `ip` is set"));
    else if (mode !== undefined && !ip) {
      errors.push(forbiddenValue(field, "may not be specified when `ip` is not set"));
    } else if (mode !== undefined && !ipModes.includes(String(mode))) {
      errors.push(unsupportedValue(field, mode, ipModes));
    }
  }
  if (host) {
    errors.push(...invalidText(`${path}.hostname`, host, checkDnsSubdomain));
    if (isIP(host)) {
      errors.push(invalidValue(`${path}.hostname`, host, "must be a DNS name, not an IP address"));
    }
  }
  return errors;
}

const conditionStatuses = ["False", "True", "Unknown"];
const conditionReason = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;

/** Conditions of the common type (apimachinery meta/v1/validation ValidateConditions). */
const conditions: StatusCheck = ({ status }) => {
  const seen = new Set<string>();
  return objectsAt(status, "conditions").flatMap((condition, index) => {
    const path = `status.conditions[${index}]`;
    const type = textAt(condition, "type") ?? "";
    const errors = seen.has(type) ? [duplicateValue(`${path}.type`, type)] : [];
    seen.add(type);
    return [...errors, ...validateCondition(condition, path)];
  });
};

function validateCondition(condition: JsonObject, path: string): FieldError[] {
  const errors = invalidText(`${path}.type`, textAt(condition, "type") ?? "", checkQualifiedName);
  const status = textAt(condition, "status") ?? "";
  if (!conditionStatuses.includes(status)) {
    errors.push(unsupportedValue(`${path}.status`, status, conditionStatuses));
  }
  const generation = numberAt(condition, "observedGeneration") ?? 0;
  if (generation < 0) {
    const detail = "must be greater than or equal to zero";
    errors.push(invalidValue(`${path}.observedGeneration`, generation, detail));
  }
  if (!textAt(condition, "lastTransitionTime")) errors.push(requiredValue(`${path}.lastTransitionTime`));
  const reason = textAt(condition, "reason");
  if (!reason) errors.push(requiredValue(`${path}.reason`));
  else {
    if (!conditionReason.test(reason)) {
      const detail =
        "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')";
      errors.push(invalidValue(`${path}.reason`, reason, detail));
    }
    if (reason.length > 1024) errors.push(tooLong(`${path}.reason`, 1024));
  }
  if ((textAt(condition, "message") ?? "").length > 32_768) errors.push(tooLong(`${path}.message`, 32_768));
  return errors;
}

const podConditions: StatusCheck = ({ status }, old) => {
  const errors = objectsAt(status, "conditions").flatMap((condition, index) => {
    const path = `status.conditions[${index}]`;
    const type = textAt(condition, "type") ?? "";
    return [
      ...notNegativeInteger(condition, path),
      ...(systemConditions.has(type) ? [] : invalidText(`${path}.Type`, type, checkQualifiedName)),
    ];
  });
  errors.push(...notNegativeInteger(status, "status"));
  const [now, before] = [textAt(status, "qosClass") ?? "", textAt(old.status, "qosClass") ?? ""];
  if (now !== before) errors.push(invalidValue("status.qosClass", now, "field is immutable"));
  return errors;
};

function notNegativeInteger(value: Json | undefined, path: string): FieldError[] {
  const generation = numberAt(value, "observedGeneration") ?? 0;
  if (generation >= 0) return [];
  return [invalidValue(`${path}.observedGeneration`, generation, "must be a non-negative integer")];
}

const systemConditions: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

const quotaAmounts: StatusCheck = ({ status }) =>
  ["hard", "used"].flatMap((part) => {
    const amounts = isJsonObject(status) ? objectAt(status, part) : {};
    return validateQuotaAmounts(amounts, `status.${part}`);
  });

/** By collection. */
export const statusChecks: Readonly<Record<string, StatusCheck>> = {
  "/namespaces": namespacePhase,
  "/persistentvolumeclaims": validateClaimStatus,
  "/pods": all(validateKeptAnnotations, podConditions, validateClaimStatuses),
  "resource.k8s.io/resourceclaims": validateDeviceClaimStatus,
  "/resourcequotas": quotaAmounts,
  "/services": serviceAddresses,
  "/replicationcontrollers": all(
    counts("replicas fullyLabeledReplicas readyReplicas availableReplicas observedGeneration"),
    withinReplicas("fullyLabeledReplicas readyReplicas availableReplicas", "readyReplicas"),
  ),
  "apps/daemonsets": all(
    counts(
      "currentNumberScheduled numberMisscheduled desiredNumberScheduled numberReady observedGeneration updatedNumberScheduled numberAvailable numberUnavailable collisionCount",
    ),
    keepsCollisions,
  ),
  "apps/deployments": all(
    counts(
      "observedGeneration replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas terminatingReplicas collisionCount",
    ),
    withinReplicas("updatedReplicas readyReplicas availableReplicas", "readyReplicas"),
    keepsCollisions,
  ),
  "apps/replicasets": all(
    counts(
      "replicas fullyLabeledReplicas readyReplicas availableReplicas observedGeneration terminatingReplicas",
    ),
    withinReplicas("fullyLabeledReplicas readyReplicas availableReplicas", "readyReplicas"),
  ),
  "apps/statefulsets": all(
    counts(
      "replicas readyReplicas currentReplicas updatedReplicas availableReplicas observedGeneration collisionCount",
    ),
    withinReplicas("readyReplicas currentReplicas updatedReplicas availableReplicas", "status.readyReplicas"),
    keepsCollisions,
  ),
  "autoscaling/horizontalpodautoscalers": counts("currentReplicas desiredReplicas"),
  "batch/jobs": validateJobStatus,
  "certificates.k8s.io/certificatesigningrequests": validateRequestStatus,
  "networking.k8s.io/ingresses": ingressAddresses,
  "policy/poddisruptionbudgets": all(
    conditions,
    counts("disruptionsAllowed currentHealthy desiredHealthy expectedPods"),
  ),
  "storage.k8s.io/volumeattachments": validateAttachmentStatus,
};
