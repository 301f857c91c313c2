// What every object's metadata must be like (apimachinery api/validation objectmeta.go).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue } from "../field-error.ts";
import type { ServedType } from "../registry.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkLabelValue,
  checkPathSegment,
  checkQualifiedName,
  type TextCheck,
} from "./names.ts";

const MAX_ANNOTATIONS_BYTES = 256 * 1024;

/** Kinds whose names are not DNS subdomains. */
const nameChecks: Readonly<Record<string, TextCheck>> = {
  "/namespaces": checkDnsLabel,
  "/services": checkDnsLabel,
  "rbac.authorization.k8s.io/roles": checkPathSegment,
  "rbac.authorization.k8s.io/clusterroles": checkPathSegment,
  "rbac.authorization.k8s.io/rolebindings": checkPathSegment,
  "rbac.authorization.k8s.io/clusterrolebindings": checkPathSegment,
  "networking.k8s.io/ipaddresses": () => undefined,
  "certificates.k8s.io/certificatesigningrequests": checkDnsSubdomain,
  "apiregistration.k8s.io/apiservices": checkPathSegment,
  "flowcontrol.apiserver.k8s.io/flowschemas": checkDnsSubdomain,
};

/** Checks the metadata of an object that is created or changed. */
export function validateMetadata(type: ServedType, { metadata }: KubernetesObject): FieldError[] {
  const errors: FieldError[] = [];
  const check = nameChecks[type.collection] ?? checkDnsSubdomain;
  if (metadata.generateName) {
    // What is added to it is right by itself.
    const wrong = check(`${metadata.generateName.replace(/-$/, "")}`);
    if (wrong) errors.push(invalidValue("metadata.generateName", metadata.generateName, wrong));
  }
  if (!metadata.name) errors.push(requiredValue("metadata.name", "name or generateName is required"));
  else {
    const wrong = check(metadata.name);
    if (wrong) errors.push(invalidValue("metadata.name", metadata.name, wrong));
  }
  errors.push(...validateLabels(metadata.labels, "metadata.labels"));
  errors.push(...validateAnnotations(metadata.annotations));
  errors.push(...validateOwners(metadata), ...validateFinalizers(metadata, type.custom === undefined));
  return errors;
}

/** Checks label keys and values. */
export function validateLabels(labels: unknown, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(typeof labels === "object" && labels !== null ? labels : {})) {
    const wrongKey = checkQualifiedName(key);
    if (wrongKey) errors.push(invalidValue(path, key, wrongKey));
    // An empty name is wrong twice over on the real server.
    if (key === "" || key.endsWith("/")) errors.push(invalidValue(path, key, checkQualifiedName(" ") ?? ""));
    const wrongValue = checkLabelValue(String(value));
    if (wrongValue) errors.push(invalidValue(path, String(value), wrongValue));
  }
  return errors;
}

function validateAnnotations(annotations: Readonly<Record<string, string>> = {}): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += key.length + value.length;
    const wrong = checkQualifiedName(key.toLowerCase());
    if (wrong) errors.push(invalidValue("metadata.annotations", key, wrong));
  }
  if (size > MAX_ANNOTATIONS_BYTES) {
    errors.push({
      field: "metadata.annotations",
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
        ownerReferences,
        `Only one reference can have Controller set to true. Found "true" in references for ${names.join(" and ")}`,
      ),
    );
  }
  return errors;
}

const standardFinalizers: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

function validateFinalizers(
  { finalizers = [] }: KubernetesObject["metadata"],
  builtIn: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, finalizer] of finalizers.entries()) {
    const wrong = checkQualifiedName(finalizer);
    if (wrong) errors.push(invalidValue("metadata.finalizers", finalizer, wrong));
    if (builtIn && !finalizer.includes("/") && !standardFinalizers.has(finalizer)) {
      const detail = "name is neither a standard finalizer name nor is it fully qualified";
      errors.push(invalidValue(`metadata.finalizers[${index}]`, finalizer, detail));
    }
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

/** What an update may not do to metadata. */
export function validateMetadataUpdate(
  { metadata }: KubernetesObject,
  { metadata: old }: KubernetesObject,
): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    const added = (metadata.finalizers ?? []).filter((name) => !old.finalizers?.includes(name));
    if (added.length > 0) {
      const list = added.map((name) => JSON.stringify(name)).join(", ");
      const error = forbiddenValue(
        "metadata.finalizers",
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
      );
      // The real server checks metadata twice.
      errors.push(error, error);
    }
  }
  for (const field of ["name", "namespace"] as const) {
    if (metadata[field] !== old[field]) {
      errors.push(invalidValue(`metadata.${field}`, metadata[field] ?? "", "field is immutable"));
    }
  }
  return errors;
}

/** Errors for texts that stand in a list more than once; empty ones do not count. */
export function validateUnique(texts: readonly string[], path: (index: number) => string): FieldError[] {
  return texts.flatMap((text, index) =>
    text !== "" && texts.indexOf(text) < index ? [duplicateValue(path(index), text)] : [],
  );
}
