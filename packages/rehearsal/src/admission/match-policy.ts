// Which writes a policy and its bindings are about (apiserver admission/plugin/policy/matching).
import { builtin, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";
import { matchResources } from "./match-resources.ts";
import { objectAt, valueAt } from "./read-json.ts";

const namespaces = builtin("", "Namespace");

/** The version of the resource in which a policy wants to see the object; undefined when it is not about the write. */
export function matchPolicy(
  policy: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  return matchConstraints(objectAt(policy, "spec", "matchConstraints"), attributes, reader);
}

/** Whether a binding of the policy is about the write, too. */
export function matchBinding(
  binding: KubernetesObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): boolean {
  if (!valueAt(binding, "spec", "matchResources")) return true;
  const resources = objectAt(binding, "spec", "matchResources");
  // A binding without rules only selects by labels.
  const every = [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"] }];
  const narrower = { ...resources, resourceRules: resources.resourceRules ?? every };
  return matchConstraints(narrower, attributes, reader) !== undefined;
}

function matchConstraints(
  constraints: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  const { resourceRules, excludeResourceRules, ...rest } = constraints;
  const excluded = { matchPolicy: rest.matchPolicy ?? null, rules: excludeResourceRules ?? [] };
  if (matchResources(excluded, attributes, reader)) return undefined;
  return matchResources({ ...rest, rules: resourceRules ?? [] }, attributes, reader);
}

/** The namespace that expressions see: that of what is in one. */
export function namespaceOf(
  { type, namespace }: AdmissionAttributes,
  reader: AdmissionReader,
): KubernetesObject | undefined {
  if (!type.namespaced || !namespace) return undefined;
  const found = reader.get(namespaces, undefined, namespace);
  if (!found) return undefined;
  const { ownerReferences, managedFields, selfLink, ...metadata } = found.metadata;
  return { ...found, metadata };
}
