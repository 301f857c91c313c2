// An object's replicas as an autoscaling/v1 Scale (kubernetes pkg/registry/apps scaleFromDeployment and its like).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt } from "../../admission/read-json.ts";
import type { ReplicasPaths } from "../../fields/scale-owners.ts";
import { internalError } from "../answers.ts";
import type { ServedType } from "../registry.ts";
import { formatLabels, formatSelector } from "../tables/column.ts";

/** The type of an object's Scale, as if it were a kind with a collection of its own. */
export function scaleType(type: ServedType): ServedType {
  const scale = { group: "autoscaling", version: "v1", kind: "Scale", collection: "autoscaling/scales" };
  return { ...type, ...scale, custom: undefined };
}

/** The object as a Scale. */
export function scaleOf(type: ServedType, object: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = getAt(object, replicasPath(type));
  const selector = selectorOf(type, object);
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      uid: uid ?? "",
      resourceVersion: resourceVersion ?? "",
      creationTimestamp: creationTimestamp ?? "",
    },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: {
      replicas: Number(getAt(object, path(type, "statusReplicasPath", ".status.replicas")) ?? 0),
      ...(selector ? { selector } : {}),
    },
  };
}

/** Refuses to show the Scale of a custom object that has no replicas. */
export function requireReplicas(type: ServedType, object: KubernetesObject): void {
  if (!type.custom || getAt(object, replicasPath(type)) !== undefined) return;
  const path = JSON.stringify(declaredScale(type)?.specReplicasPath);
  throw internalError(`the spec replicas field ${path} does not exist`);
}

/** The object with the replicas of a Scale. */
export function withScale(
  type: ServedType,
  object: KubernetesObject,
  scale: KubernetesObject,
): KubernetesObject {
  return setAt(object, replicasPath(type), objectAt(scale, "spec").replicas ?? 0) as KubernetesObject;
}

/** Where each version of the type has its replicas. */
export function replicasPaths(type: ServedType): ReplicasPaths {
  const elements = (keys: readonly string[]) => keys.map((key) => `f:${key}`);
  if (!type.custom) return new Map([[type.storedAs, elements(replicasPath(type))]]);
  const { versions } = objectAt(type.custom.object.spec);
  return new Map(
    (Array.isArray(versions) ? versions : []).filter(isJsonObject).map((version) => {
      const { specReplicasPath } = objectAt(version, "subresources", "scale");
      const found = typeof specReplicasPath === "string" ? elements(split(specReplicasPath)) : undefined;
      return [`${type.group}/${String(version.name)}`, found];
    }),
  );
}

function selectorOf(type: ServedType, object: KubernetesObject): string {
  const declared = declaredScale(type);
  if (declared) {
    const value = declared.labelSelectorPath ? getAt(object, path(type, "labelSelectorPath", "")) : undefined;
    return typeof value === "string" ? value : "";
  }
  const selector = objectAt(object, "spec").selector;
  // A ReplicationController selects by a plain map.
  const text =
    type.collection === "/replicationcontrollers" ? formatLabels(selector) : formatSelector(selector);
  return text === "<none>" ? "" : text;
}

function replicasPath(type: ServedType): readonly string[] {
  return path(type, "specReplicasPath", ".spec.replicas");
}

function declaredScale(type: ServedType): JsonObject | undefined {
  const subresources = type.custom?.version.subresources;
  return isJsonObject(subresources) && isJsonObject(subresources.scale) ? subresources.scale : undefined;
}

function path(type: ServedType, name: string, otherwise: string): readonly string[] {
  const declared = declaredScale(type)?.[name];
  return split(typeof declared === "string" ? declared : otherwise);
}

function split(path: string): string[] {
  return path.split(".").filter((part) => part !== "");
}

function getAt(value: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  if (key === undefined) return value;
  return isJsonObject(value) ? getAt(value[key], rest) : undefined;
}

function setAt(value: Json | undefined, [key, ...rest]: readonly string[], to: Json): Json {
  if (key === undefined) return to;
  const map = isJsonObject(value) ? value : {};
  return { ...map, [key]: setAt(map[key], rest, to) };
}
