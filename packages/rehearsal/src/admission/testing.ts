// A cluster's state for tests of admission: a reader over a list of objects.
import {
  findBuiltin,
  groupOf,
  type KubernetesObject,
  type ResourceType,
  versionOf,
} from "@slipway/kubernetes";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";

/** A reader of these objects, and the warnings that it was given. */
export interface TestReader extends AdmissionReader {
  readonly warnings: string[];
  readonly annotations: { readonly [key: string]: string };
  readonly objects: KubernetesObject[];
}

export function createTestReader(objects: KubernetesObject[]): TestReader {
  const warnings: string[] = [];
  const annotations: Record<string, string> = {};
  const ofType = (type: ResourceType) =>
    objects.filter((one) => one.kind === type.kind && groupOf(one.apiVersion) === type.group);
  return {
    warnings,
    annotations,
    objects,
    get: (type, namespace, name) =>
      ofType(type).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace),
    list: (type, namespace) =>
      ofType(type).filter(({ metadata }) => !namespace || metadata.namespace === namespace),
    permit: () => undefined,
    warn: (text) => warnings.push(text),
    annotate(key, value) {
      annotations[key] = value;
    },
  };
}

/** A write of an object of a built-in kind, or of a custom one whose plural ends in a plain "s". */
export function createTestAttributes(
  object: KubernetesObject,
  change: Partial<AdmissionAttributes> = {},
): AdmissionAttributes {
  const group = groupOf(object.apiVersion);
  const { name, namespace } = object.metadata;
  const type = findBuiltin(group, object.kind) ?? {
    group,
    version: versionOf(object.apiVersion),
    resource: `${object.kind.toLowerCase()}s`,
    kind: object.kind,
    namespaced: namespace !== undefined,
  };
  return {
    operation: "CREATE",
    type,
    name,
    ...(namespace ? { namespace } : {}),
    object,
    options: {},
    dryRun: false,
    user: { name: "tester", groups: ["system:masters"] },
    ...change,
  };
}
