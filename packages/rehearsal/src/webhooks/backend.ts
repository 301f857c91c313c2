// What stands behind a webhook's Service: a function from review to answer, in the terms of admission.k8s.io/v1.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import type { ClusterReader } from "./service-route.ts";

/** `request` of an AdmissionReview. */
export interface AdmissionRequest extends JsonObject {
  uid: string;
  operation: "CREATE" | "UPDATE" | "DELETE" | "CONNECT";
  name: string;
  namespace?: string;
  object?: KubernetesObject;
  oldObject?: KubernetesObject;
  dryRun: boolean;
}

/** What a backend thinks of a request. `patch` is a JSON patch (RFC 6902). */
export interface AdmissionVerdict {
  readonly allowed: boolean;
  readonly patch?: readonly JsonObject[];
  readonly warnings?: readonly string[];
  /** `meta/v1.Status` of a refusal: code, message, reason. */
  readonly status?: JsonObject;
}

/** What a backend has besides the request: the URL path that it was called under, and reads of the cluster. */
export interface BackendContext {
  readonly path: string;
  readonly reader: ClusterReader;
}

/** One webhook server. What it does not answer, it allows and converts without a change. */
export interface WebhookBackend {
  admit?(request: AdmissionRequest, context: BackendContext): AdmissionVerdict | Promise<AdmissionVerdict>;
  /** One object in another version of its kind. */
  convert?(object: KubernetesObject, apiVersion: string): KubernetesObject;
}

/** Which backend answers for a Service; undefined for one that answers as any other. */
export type FindBackend = (namespace: string, service: string) => WebhookBackend | undefined;

/**
 * Answers a review as a webhook server does over HTTP: an AdmissionReview or a ConversionReview in, the same kind
 * and version with a `response` out. Knows nothing of who asked, so it can also stand behind a socket.
 */
export async function answerReview(
  backend: WebhookBackend | undefined,
  review: JsonObject,
  context: BackendContext,
): Promise<JsonObject> {
  const { apiVersion, kind } = review;
  const request = review.request as AdmissionRequest;
  if (kind === "ConversionReview") {
    return { apiVersion, kind, response: convertAll(backend, request) };
  }
  const verdict = (await backend?.admit?.(request, context)) ?? { allowed: true };
  const patch = verdict.patch ?? [];
  const response: JsonObject = { uid: request.uid, allowed: verdict.allowed };
  if (verdict.status) response.status = verdict.status;
  if (verdict.warnings) response.warnings = [...verdict.warnings];
  if (patch.length > 0) {
    response.patchType = "JSONPatch";
    response.patch = Buffer.from(JSON.stringify(patch)).toString("base64");
  }
  return { apiVersion, kind, response };
}

function convertAll(backend: WebhookBackend | undefined, request: JsonObject): JsonObject {
  const wanted = String(request.desiredAPIVersion);
  const convert = backend?.convert ?? ((object, apiVersion) => ({ ...object, apiVersion }));
  const objects = (Array.isArray(request.objects) ? request.objects : []) as KubernetesObject[];
  const convertedObjects: Json[] = objects.map((object) => convert(object, wanted));
  return { uid: request.uid, convertedObjects, result: { status: "Success" } };
}
