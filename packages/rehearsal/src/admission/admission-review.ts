// The question that a webhook is asked (admission.k8s.io/v1 AdmissionReview).
import type { ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { AdmissionAttributes } from "./admission.ts";

/** `request` of a review, the object in the version that the webhook wants. */
export function reviewRequest(
  attributes: AdmissionAttributes,
  wanted: ResourceType,
  uid: string,
): JsonObject {
  const { type, subresource, namespace, object, oldObject, user } = attributes;
  const apiVersion = wanted.group === "" ? wanted.version : `${wanted.group}/${wanted.version}`;
  const inVersion = (one: JsonObject | undefined) =>
    one && one.apiVersion !== apiVersion && wanted !== type ? { ...one, apiVersion } : one;
  const request: JsonObject = {
    uid,
    kind: kindOf(wanted),
    resource: resourceOf(wanted),
    requestKind: kindOf(type),
    requestResource: resourceOf(type),
    name: attributes.name || object?.metadata.name || "",
    operation: attributes.operation,
    userInfo: { username: user.name, groups: [...user.groups] },
    object: inVersion(object) ?? null,
    oldObject: inVersion(oldObject) ?? null,
    dryRun: attributes.dryRun,
    options: attributes.options,
  };
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

function kindOf({ group, version, kind }: ResourceType): JsonObject {
  return { group, version, kind };
}

function resourceOf({ group, version, resource }: ResourceType): JsonObject {
  return { group, version, resource };
}
