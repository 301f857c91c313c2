// Names of resources (kubernetes pkg/apis/core/helper and validation).
import type { FieldError } from "@slipway/kubernetes";
import { invalidValue } from "../field-error.ts";
import { checkQualifiedName, invalidText } from "./names.ts";

const containerResources = ["cpu", "memory", "ephemeral-storage"];

/** Resources of which there is a whole number. */
export const objectCounts = [
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];

const quotaResources = [
  ...containerResources,
  ...containerResources.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
  "requests.storage",
  ...objectCounts,
];
const standardResources = [...quotaResources, "storage"];

/** A resource that Kubernetes knows, or one with a domain. */
export function validateResourceName(name: string, path: string): FieldError[] {
  const errors = invalidText(path, name, checkQualifiedName);
  if (errors.length > 0 || name.includes("/")) return errors;
  if (standardResources.includes(name) || name.startsWith("hugepages-")) return [];
  return [invalidValue(path, name, "must be a standard resource type or fully qualified")];
}

/** Whether a quota can count a resource of Kubernetes' own. */
export function isQuotaResource(name: string): boolean {
  return quotaResources.includes(name) || /^(requests\.)?hugepages-/.test(name);
}

/** The name of a resource that a container may ask for. */
export function validateContainerResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  const known = containerResources.includes(name) || name.startsWith("hugepages-");
  if (!name.includes("/") && !known) {
    errors.push(invalidValue(path, name, "must be a standard resource for containers"));
  } else if (name.includes("/") && !/(^|\.)kubernetes\.io\//.test(name) && name.startsWith("requests.")) {
    errors.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}
