// Whether a webhook's answer is one (apiserver admission/plugin/webhook/request VerifyAdmissionResponse).
import { isJsonObject, type JsonObject } from "@slipway/yaml";

/**
 * The `response` of an answered review.
 * @throws Error in the server's words when it does not answer the question or holds what it may not
 */
export function verifyResponse(
  review: JsonObject,
  { uid, mutating }: { readonly uid: string; readonly mutating: boolean },
): JsonObject {
  const { response } = review;
  if (!isJsonObject(response)) throw new Error("webhook response was absent");
  // The old version verified nothing, and still does not.
  if (review.apiVersion === "admission.k8s.io/v1beta1") return { ...response, patchType: "JSONPatch" };
  const { patch, patchType } = response;
  if (response.uid !== uid) {
    const got = JSON.stringify(response.uid ?? "");
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${got}`);
  }
  const typed = patchType !== undefined && patchType !== null;
  if (!mutating) {
    if (patch) throw new Error("validating webhook may not return response.patch");
    if (typed) throw new Error("validating webhook may not return response.patchType");
    return response;
  }
  if (patch && !typed) throw new Error("webhook returned response.patch but not response.patchType");
  if (!patch && typed) throw new Error("webhook returned response.patchType but not response.patch");
  if (patchType === "") throw new Error('webhook returned invalid response.patchType of ""');
  return response;
}
