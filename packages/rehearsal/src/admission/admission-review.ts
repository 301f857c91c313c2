// The question that a webhook is asked (admission.k8s.io/v1 AdmissionReview).
import { findBuiltin, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { convertBuiltin } from "../server/builtin-conversion.ts";
import type { AdmissionAttributes, ObjectKind } from "./admission.ts";

/** `request` of a review, the object in the version that the webhook wants. */
export function reviewRequest(
  attributes: AdmissionAttributes,
  wanted: ResourceType,
  uid: string,
): JsonObject {
  const { type, objectKind, subresource, namespace, object, oldObject, user } = attributes;
  const apiVersion = wanted.group === "" ? wanted.version : `${wanted.group}/${wanted.version}`;
  const asWanted = (one: KubernetesObject | undefined) =>
    one && wanted !== type && !objectKind ? inVersion(one, apiVersion) : (one ?? null);
  const { uid: userUid, extra } = user;
  const request: JsonObject = {
    uid,
    kind: kindOf(objectKind ?? wanted),
    resource: resourceOf(wanted),
    requestKind: kindOf(objectKind ?? type),
    requestResource: resourceOf(type),
    operation: attributes.operation,
    userInfo: {
      username: user.name,
      ...(userUid ? { uid: userUid } : {}),
      groups: [...user.groups],
      ...(extra
        ? { extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])) }
        : {}),
    },
    object: asWanted(object),
    oldObject: asWanted(oldObject),
    dryRun: attributes.dryRun,
    options: attributes.options,
  };
  const name = attributes.name || object?.metadata.name;
  if (name) request.name = name;
  if (namespace) request.namespace = namespace;
  if (subresource) {
    request.subResource = subresource;
    request.requestSubResource = subresource;
  }
  return request;
}

/** The review in the newest version that both sides know; undefined when there is none. */
export function createReview(request: JsonObject, accepted: readonly string[]): JsonObject | undefined {
  const version = accepted.find((one) => one === "v1" || one === "v1beta1");
  if (!version) return undefined;
  return { apiVersion: `admission.k8s.io/${version}`, kind: "AdmissionReview", request };
}

/** The object in another version of its kind; those of a custom kind differ in nothing else. */
export function inVersion(object: KubernetesObject, apiVersion: string): KubernetesObject {
  if (object.apiVersion === apiVersion) return object;
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return findBuiltin(group, object.kind, version)
    ? convertBuiltin(object, apiVersion)
    : { ...object, apiVersion };
}

function kindOf({ group, version, kind }: ObjectKind): JsonObject {
  return { group, version, kind };
}

function resourceOf({ group, version, resource }: ResourceType): JsonObject {
  return { group, version, resource };
}
