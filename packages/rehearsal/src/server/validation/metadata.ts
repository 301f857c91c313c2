// What every object's metadata must be like (apimachinery api/validation objectmeta.go).
import type { FieldError, KubernetesObject, OwnerReference } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { forbiddenValue, invalidValue, requiredValue } from "../field-error.ts";
import type { ServedType } from "../registry.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkPathSegment,
  checkQualifiedName,
  invalidText,
  type TextCheck,
} from "./names.ts";
import { notNegative } from "./numbers.ts";

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Kinds whose names are not DNS subdomains. */
const nameChecks: Readonly<Record<string, TextCheck>> = {
  "/namespaces": checkDnsLabel,
  "/services": checkDnsLabel,
  "rbac.authorization.k8s.io/roles": checkPathSegment,
  "rbac.authorization.k8s.io/clusterroles": checkPathSegment,
  "rbac.authorization.k8s.io/rolebindings": checkPathSegment,
  "rbac.authorization.k8s.io/clusterrolebindings": checkPathSegment,
  "networking.k8s.io/ipaddresses": () => [],
  "certificates.k8s.io/certificatesigningrequests": () => [],
  "apiregistration.k8s.io/apiservices": checkPathSegment,
  "flowcontrol.apiserver.k8s.io/flowschemas": checkDnsSubdomain,
};

/** Whether finalizers must be known or have a domain, as those of most built-in kinds must. */
interface MetadataOptions {
  readonly finalizers?: boolean;
}

/** Kinds whose finalizers may be called anything (their validation is not that of pkg/apis/core). */
const freeFinalizers: ReadonlySet<string> = new Set([
  "apiextensions.k8s.io/customresourcedefinitions",
  "admissionregistration.k8s.io/mutatingadmissionpolicies",
  "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingadmissionpolicies",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "coordination.k8s.io/leasecandidates",
  "coordination.k8s.io/leases",
  "node.k8s.io/runtimeclasses",
  "policy/poddisruptionbudgets",
]);

/** Checks the metadata of a new object. */
export function validateMetadata(
  type: ServedType,
  { metadata }: KubernetesObject,
  options: MetadataOptions = {},
): FieldError[] {
  const errors: FieldError[] = [];
  const check =
    type.collection === "" ? checkPathSegment : (nameChecks[type.collection] ?? checkDnsSubdomain);
  if (metadata.generateName) {
    // What is added to it is right by itself.
    for (const wrong of check(metadata.generateName.replace(/-$/, ""))) {
      errors.push(invalidValue("metadata.generateName", metadata.generateName, wrong));
    }
  }
  if (!metadata.name) errors.push(requiredValue("metadata.name", "name or generateName is required"));
  else errors.push(...invalidText("metadata.name", metadata.name, check));
  errors.push(...validateParts(metadata), ...validateFinalizers(metadata));
  if (hasKnownFinalizers(type, options)) errors.push(...validateFinalizerNames(metadata));
  return errors;
}

/** What is asked of the name of a new object of any kind, once nothing else is wrong with it. */
export function validateAnyName({ metadata }: KubernetesObject): FieldError[] {
  return invalidText("metadata.name", metadata.name ?? "", checkPathSegment);
}

function hasKnownFinalizers(type: ServedType, { finalizers = true }: MetadataOptions): boolean {
  return finalizers && type.custom === undefined && !freeFinalizers.has(type.collection);
}

function validateParts(metadata: KubernetesObject["metadata"]): FieldError[] {
  return [
    ...notNegative(metadata as JsonObject, "generation", "metadata"),
    ...validateLabels(metadata.labels, "metadata.labels"),
    ...validateAnnotations(metadata.annotations),
    ...validateOwners(metadata),
  ];
}

/** What the server advises about the finalizers of a custom resource. */
export function finalizerWarnings({ metadata }: KubernetesObject, old?: KubernetesObject): string[] {
  const before = old?.metadata.finalizers ?? [];
  const added = new Set((metadata.finalizers ?? []).filter((name) => !before.includes(name)));
  return [...added]
    .sort()
    .filter((name) => !name.includes("/") && !standardFinalizers.has(name))
    .map((name) => {
      const path = name.includes(".") ? " including a path (/)" : "";
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    });
}

/** Checks label keys and values. */
export function validateLabels(labels: unknown, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(typeof labels === "object" && labels !== null ? labels : {})) {
    errors.push(...invalidText(path, key, checkQualifiedName));
    errors.push(...invalidText(path, String(value), checkLabelValue));
  }
  return errors;
}

/** Checks annotation keys, and the size of all. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> = {},
  path = "metadata.annotations",
): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += key.length + value.length;
    for (const wrong of checkQualifiedName(key.toLowerCase())) errors.push(invalidValue(path, key, wrong));
  }
  if (size > MAX_ANNOTATIONS_BYTES) {
    errors.push({
      field: path,
      reason: "FieldValueTooLong",
      message: `Too long: may not be more than ${MAX_ANNOTATIONS_BYTES} bytes`,
    });
  }
  return errors;
}

function validateOwners({ ownerReferences = [] }: KubernetesObject["metadata"]): FieldError[] {
  const errors: FieldError[] = [];
  // The real server leaves the index out.
  const path = "metadata.ownerReferences";
  for (const owner of ownerReferences) {
    for (const field of ["kind", "name", "uid"] as const) {
      if (!owner[field]) errors.push(invalidValue(`${path}.${field}`, "", "must not be empty"));
    }
    if (owner.kind === "Event" && /^(v1|events\.k8s\.io\/v1)$/.test(owner.apiVersion)) {
      const [version, group = ""] = owner.apiVersion.split("/").reverse();
      const detail = `${group}/${version}, Kind=Event is disallowed from being an owner`;
      errors.push(invalidValue(path, owner, detail));
    }
    if (!owner.apiVersion) errors.push(invalidValue(`${path}.apiVersion`, "", "version must not be empty"));
  }
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    const names = controllers.map(({ kind, name }) => `${kind}/${name}`);
    errors.push(
      invalidValue(
        "metadata.ownerReferences",
        ownerReferences.map(inOrder),
        `Only one reference can have Controller set to true. Found "true" in references for ${names.join(" and ")}`,
      ),
    );
  }
  return errors;
}

/** An owner with its fields as the server's own type has them. */
function inOrder({
  apiVersion,
  kind,
  name,
  uid,
  controller,
  blockOwnerDeletion,
}: OwnerReference): JsonObject {
  return {
    apiVersion,
    kind,
    name,
    uid,
    ...(controller === undefined ? {} : { controller }),
    ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
  };
}

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function validateFinalizerNames({ finalizers = [] }: KubernetesObject["metadata"]): FieldError[] {
  const detail = "name is neither a standard finalizer name nor is it fully qualified";
  return finalizers.flatMap((finalizer, index) =>
    finalizer.includes("/") || standardFinalizers.has(finalizer)
      ? []
      : [invalidValue(`metadata.finalizers[${index}]`, finalizer, detail)],
  );
}

function validateFinalizers({ finalizers = [] }: KubernetesObject["metadata"]): FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) {
    errors.push(...invalidText("metadata.finalizers", finalizer, checkQualifiedName));
  }
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion")) {
    errors.push(
      invalidValue(
        "metadata.finalizers",
        [...finalizers],
        "finalizer orphan and foregroundDeletion cannot be both set",
      ),
    );
  }
  return errors;
}

/** What an update may not do to metadata (apimachinery ValidateObjectMetaAccessorUpdate). */
export function validateMetadataUpdate(
  type: ServedType,
  { metadata }: KubernetesObject,
  { metadata: old }: KubernetesObject,
  options: MetadataOptions = {},
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    const added = new Set((metadata.finalizers ?? []).filter((name) => !old.finalizers?.includes(name)));
    if (added.size > 0) {
      const list = [...added]
        .sort()
        .map((name) => JSON.stringify(name))
        .join(", ");
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      errors.push(forbiddenValue("metadata.finalizers", detail));
    }
  }
  for (const field of ["name", "namespace", "uid"] as const) {
    if (metadata[field] !== old[field]) {
      errors.push(invalidValue(`metadata.${field}`, metadata[field] ?? "", "field is immutable"));
    }
  }
  errors.push(...validateParts(metadata));
  if (hasKnownFinalizers(type, options)) errors.push(...validateFinalizerNames(metadata));
  return errors;
}
