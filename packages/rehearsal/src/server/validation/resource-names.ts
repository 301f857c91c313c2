// Names of resources (kubernetes pkg/apis/core/helper and validation).
import type { FieldError } from "@slipway/kubernetes";
import { invalidValue } from "../field-error.ts";
import { checkQualifiedName, invalidText } from "./names.ts";

const containerResources = ["cpu", "memory", "ephemeral-storage"];

const objectCounts = [
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
  if (standardResources.includes(name) || isQuotaHugePages(name)) return [];
  return [invalidValue(path, name, "must be a standard resource type or fully qualified")];
}

/** Whether a quota can count a resource of Kubernetes' own. */
export function isQuotaResource(name: string): boolean {
  return quotaResources.includes(name) || isQuotaHugePages(name);
}

function isQuotaHugePages(name: string): boolean {
  return /^(requests\.)?hugepages-/.test(name);
}

/** The name of a resource that a container may ask for. */
export function validateContainerResource(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes("/") && !containerResources.includes(name) && !isHugePages(name)) {
    errors.push(invalidValue(path, name, "must be a standard resource for containers"));
  } else if (!isNative(name) && !isExtended(name)) {
    errors.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

/** Whether there is only a whole number of a resource. */
export function isWhole(name: string): boolean {
  return objectCounts.includes(name) || isExtended(name);
}

/** Memory in pages of the size that the name ends with. */
export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** Whether containers may be promised more of a resource than there is. */
export function mayOvercommit(name: string): boolean {
  return isNative(name) && !isHugePages(name);
}

function isNative(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

/** A resource of somebody else's, whose name in a quota is a qualified one. */
function isExtended(name: string): boolean {
  if (isNative(name) || name.startsWith("requests.")) return false;
  return checkQualifiedName(`requests.${name}`).length === 0;
}
