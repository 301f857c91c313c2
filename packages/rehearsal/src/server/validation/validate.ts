// Whether an object may be stored.
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { asStored } from "../../builtin/empty-values.ts";
import type { RequestContext } from "../context.ts";
import { validateByDefinition } from "../object-rules.ts";
import type { ServedType } from "../registry.ts";
import { invalid } from "../status-errors.ts";
import { writeWarnings } from "../warnings/write-warnings.ts";
import { accessValidators } from "./access.ts";
import { mutatingPolicyValidators } from "./admission/mutating-policies.ts";
import { policyValidators } from "./admission/validating-policies.ts";
import { webhookValidators } from "./admission/webhooks.ts";
import { scalingValidators } from "./autoscaler.ts";
import { cronJobValidators } from "./batch/cron-jobs.ts";
import { jobValidators } from "./batch/jobs.ts";
import { classValidators } from "./classes.ts";
import { coreValidators } from "./core.ts";
import { validateDefinition, validateDefinitionUpdate } from "./definitions.ts";
import { budgetValidators } from "./disruption-budgets.ts";
import { flowSchemaValidators } from "./flow-control/flow-schemas.ts";
import { priorityLevelValidators } from "./flow-control/priority-levels.ts";
import { limitValidators } from "./limits.ts";
import { finalizerWarnings, validateAnyName, validateMetadata, validateMetadataUpdate } from "./metadata.ts";
import { endpointSliceValidators } from "./network/endpoint-slices.ts";
import { endpointsValidators } from "./network/endpoints.ts";
import { networkValidators } from "./network/policies-and-ingresses.ts";
import { serviceValidators } from "./network/services.ts";
import { podValidators } from "./pods/pod-template.ts";
import { quotaValidators } from "./quotas.ts";
import { refuseAdminAccess } from "./resource/admin-access.ts";
import { deviceClaimValidators } from "./resource/claims.ts";
import { sliceValidators } from "./resource/slices.ts";
import { signingRequestValidators, validateApproval } from "./signing-requests.ts";
import { statusChecks } from "./statuses.ts";
import { attachmentValidators } from "./storage/attachments.ts";
import { claimValidators } from "./storage/claims.ts";
import { driverValidators } from "./storage/drivers.ts";
import { storageClassValidators } from "./storage/storage-classes.ts";
import { volumeValidators } from "./storage/volumes.ts";
import type { Validator } from "./validator.ts";
import { workloadValidators } from "./workloads.ts";

const validators: Readonly<Record<string, Validator>> = {
  ...classValidators,
  ...coreValidators,
  ...endpointSliceValidators,
  ...endpointsValidators,
  ...workloadValidators,
  ...accessValidators,
  ...budgetValidators,
  ...flowSchemaValidators,
  ...policyValidators,
  ...cronJobValidators,
  ...deviceClaimValidators,
  ...jobValidators,
  ...limitValidators,
  ...mutatingPolicyValidators,
  ...networkValidators,
  ...podValidators,
  ...priorityLevelValidators,
  ...quotaValidators,
  ...scalingValidators,
  ...serviceValidators,
  ...attachmentValidators,
  ...signingRequestValidators,
  ...sliceValidators,
  ...claimValidators,
  ...driverValidators,
  ...storageClassValidators,
  ...volumeValidators,
  ...webhookValidators,
  "apiextensions.k8s.io/customresourcedefinitions": {
    validate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
  },
};

/**
 * Where a kind's own check of an update looks at the metadata again: as for an update (`update`), as for a new
 * object (`create`), or both in that order. All others do the first.
 */
const looksAgain: Readonly<Record<string, readonly ("update" | "create")[]>> = {
  "/configmaps": ["update", "create"],
  "/endpoints": ["update", "create"],
  "/limitranges": ["create"],
  "/persistentvolumeclaims": ["update", "create"],
  "/persistentvolumes": ["create"],
  "/pods": ["update", "create"],
  "/secrets": ["update", "create"],
  "/serviceaccounts": ["update", "create"],
  "batch/jobs": ["create", "update"],
  "certificates.k8s.io/certificatesigningrequests": ["create", "update"],
  "discovery.k8s.io/endpointslices": ["create"],
  "flowcontrol.apiserver.k8s.io/flowschemas": ["create"],
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": ["create"],
  "networking.k8s.io/ingresses": ["update", "create"],
  "networking.k8s.io/ingressclasses": ["update", "create"],
  "node.k8s.io/runtimeclasses": ["create", "update"],
  "policy/poddisruptionbudgets": [],
  "rbac.authorization.k8s.io/clusterrolebindings": ["create", "update"],
  "rbac.authorization.k8s.io/clusterroles": ["create", "update"],
  "rbac.authorization.k8s.io/rolebindings": ["create", "update"],
  "rbac.authorization.k8s.io/roles": ["create", "update"],
  "storage.k8s.io/csinodes": ["create"],
  "storage.k8s.io/csistoragecapacities": ["create", "update"],
  "resource.k8s.io/deviceclasses": ["create", "update"],
  "resource.k8s.io/resourceclaims": ["create", "update"],
  "resource.k8s.io/resourceclaimtemplates": ["create", "update"],
  "storage.k8s.io/storageclasses": ["create", "update"],
  "storage.k8s.io/volumeattachments": ["create"],
  "storage.k8s.io/volumeattributesclasses": ["update", "create"],
};

/** The same for a write of the status alone. */
const looksAgainAtStatus: typeof looksAgain = {
  "batch/cronjobs": [],
  "policy/poddisruptionbudgets": [],
  "storage.k8s.io/volumeattachments": ["create"],
};

/** Refuses an object with everything that is wrong with it (StatusError 422); `old` is what it replaces. */
export function validateObject(
  context: RequestContext,
  object: KubernetesObject,
  old: KubernetesObject | undefined,
): void {
  const { type, info, warnings } = context;
  const errors = old
    ? checkUpdate(type, info.subresource, object, old)
    : [...refuseAdminAccess(context, object), ...checkNew(type, object)];
  if (!old && errors.length === 0) errors.push(...validateAnyName(object));
  if (errors.length > 0) throw invalid(type, object.metadata.name ?? "", errors);
  if (info.subresource) return;
  const texts = [...(type.custom ? finalizerWarnings(object, old) : []), ...writeWarnings(type, object, old)];
  for (const text of texts) if (!warnings.includes(text)) warnings.push(text);
}

/** Metadata is looked at last, and only then, where a kind's own check leaves it out (apiserver registry/rest create.go). */
function checkNew(type: ServedType, object: KubernetesObject): FieldError[] {
  const looks = looksAgain[type.collection];
  const own = [
    ...(validators[type.collection]?.validate?.(object) ?? []),
    ...validateByDefinition(type, object),
  ];
  if (looks?.length === 0 && own.length > 0) return own;
  return [...validateMetadata(type, object), ...own];
}

/** The real server looks at metadata once for all kinds and then as the kind's own check does. */
function checkUpdate(
  type: ServedType,
  subresource: string | undefined,
  object: KubernetesObject,
  old: KubernetesObject,
): FieldError[] {
  const generic = { ...type, custom: undefined, collection: "" };
  const stored = asStored(object);
  const errors = [
    ...validateMetadata(generic, object, { finalizers: false }),
    ...validateMetadataUpdate(generic, object, old, { finalizers: false }),
  ];
  const again = subresource
    ? (looksAgainAtStatus[type.collection] ?? ["update"])
    : (looksAgain[type.collection] ?? ["update"]);
  const validator = validators[type.collection];
  for (const look of again) {
    if (look === "update") errors.push(...validateMetadataUpdate(type, object, old));
    // What may not change is said before what is wrong in itself, where the kind's check has it so.
    if (look === "update" && validator?.updateFirst && !subresource) {
      errors.push(...(validator.validateUpdate?.(stored, old, object) ?? []));
    }
    if (look === "create") errors.push(...validateMetadata(type, object));
  }
  // Through a subresource nothing of the desired state changes, and what was stored before may stay.
  if (validator && !subresource) {
    errors.push(...(validator.validate?.(object, old) ?? []));
    if (validator.betweenChecks) {
      errors.push(...validator.betweenChecks(object), ...validateMetadata(type, object));
      errors.push(...(validator.validate?.(object, old) ?? []));
    }
    if (!validator.updateFirst) errors.push(...(validator.validateUpdate?.(stored, old, object) ?? []));
  }
  if (subresource === "status") errors.push(...(statusChecks[type.collection]?.(object, old) ?? []));
  if (subresource === "approval") errors.push(...validateApproval(object, old));
  return [...errors, ...validateByDefinition(type, object, { old, statusOnly: subresource === "status" })];
}
