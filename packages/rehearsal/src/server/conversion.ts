// Objects between the version in which they are stored and the one in which they are asked for.
import type { KubernetesObject } from "@slipway/kubernetes";
import { apiVersionOf, type ServedType } from "./registry.ts";

const converted = new WeakMap<KubernetesObject, Map<string, KubernetesObject>>();

/** Stored objects in the version of `type`, in the same order. */
export async function fromStorage(
  type: ServedType,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const apiVersion = apiVersionOf(type);
  if (objects.every((object) => object.apiVersion === apiVersion)) return objects;
  return objects.map((object) => relabel(object, apiVersion));
}

/** One stored object in the version of `type`. */
export async function oneFromStorage(type: ServedType, object: KubernetesObject): Promise<KubernetesObject> {
  const [result] = await fromStorage(type, [object]);
  return result as KubernetesObject;
}

/** An object that came in the version of `type`, as it is stored. */
export async function toStorage(type: ServedType, object: KubernetesObject): Promise<KubernetesObject> {
  return object.apiVersion === type.storedAs ? object : { ...object, apiVersion: type.storedAs };
}

/** Strategy `None`: the versions differ in nothing but apiVersion. Done once per object, so that its text is too. */
function relabel(object: KubernetesObject, apiVersion: string): KubernetesObject {
  if (object.apiVersion === apiVersion) return object;
  let versions = converted.get(object);
  if (!versions) {
    versions = new Map();
    converted.set(object, versions);
  }
  let result = versions.get(apiVersion);
  if (!result) {
    result = Object.freeze({ ...object, apiVersion });
    versions.set(apiVersion, result);
  }
  return result;
}
