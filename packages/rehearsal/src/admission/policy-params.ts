// The objects that a policy is given by a binding (apiserver admission/plugin/policy/generic CollectParams).
import {
  builtin,
  findBuiltin,
  type KubernetesObject,
  matchesLabelSelector,
  type ResourceType,
} from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionReader } from "./admission.ts";
import { objectAt, objectsAt, textAt, valueAt } from "./read-json.ts";

const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");

/** Thrown when a policy or binding is set up in a way that cannot be used. */
export class ConfigurationError extends Error {}

/** The type of a policy's parameters; undefined for a policy that takes none. Throws a ConfigurationError. */
export function paramTypeOf(policy: KubernetesObject, reader: AdmissionReader): ResourceType | undefined {
  const kind = textAt(policy, "spec", "paramKind", "kind");
  if (!kind) return undefined;
  const apiVersion = textAt(policy, "spec", "paramKind", "apiVersion") ?? "";
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const found = findBuiltin(group, kind, version) ?? customType(group, version, kind, reader);
  if (found) return found;
  throw new ConfigurationError(
    `failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'`,
  );
}

function customType(
  group: string,
  version: string,
  kind: string,
  reader: AdmissionReader,
): ResourceType | undefined {
  const definition = reader
    .list(definitions)
    .find(({ spec }) => textAt(spec, "group") === group && textAt(spec, "names", "kind") === kind);
  const served = objectsAt(definition, "spec", "versions").some(
    (one) => one.name === version && one.served === true,
  );
  const resource = textAt(definition, "spec", "names", "plural");
  if (!served || !resource) return undefined;
  return { group, version, resource, kind, namespaced: textAt(definition, "spec", "scope") === "Namespaced" };
}

/**
 * The objects to evaluate a policy with, one after another; a single undefined where there are none to be. `type` is
 * what the policy wants, `namespace` that of the request. Throws a ConfigurationError.
 */
export function collectParams(
  binding: KubernetesObject,
  type: ResourceType | undefined,
  namespace: string | undefined,
  reader: AdmissionReader,
): readonly (KubernetesObject | undefined)[] {
  if (!type || !valueAt(binding, "spec", "paramRef")) return [undefined];
  const reference = objectAt(binding, "spec", "paramRef");
  const found = select(reference, type, namespace, reader);
  if (found.length === 0 && reference.parameterNotFoundAction === "Deny") {
    throw new ConfigurationError("no params found for policy binding with `Deny` parameterNotFoundAction");
  }
  return found;
}

function select(
  reference: JsonObject,
  type: ResourceType,
  namespace: string | undefined,
  reader: AdmissionReader,
): readonly KubernetesObject[] {
  const name = textAt(reference, "name");
  const own = textAt(reference, "namespace");
  if (!type.namespaced && own) {
    throw new ConfigurationError("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
  }
  const from = type.namespaced ? (own ?? namespace) : undefined;
  if (type.namespaced && !from) {
    throw new ConfigurationError(
      "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
    );
  }
  if (name) return [reader.get(type, from, name)].filter((one) => one !== undefined);
  return reader
    .list(type, from)
    .filter(({ metadata }) => matchesLabelSelector(reference.selector, metadata.labels));
}
