// Whether a webhook is called for a write (apiserver admission/plugin/webhook/generic).
import type { ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { createActivation } from "./activation.ts";
import type { AdmissionAttributes, AdmissionReader } from "./admission.ts";
import { reviewRequest } from "./admission-review.ts";
import { authorizerFor } from "./cel-authorizer.ts";
import { evaluateConditions } from "./match-conditions.ts";
import { matchResources } from "./match-resources.ts";
import { objectsAt } from "./read-json.ts";
import { refuse } from "./refuse.ts";

/**
 * The version of the resource in which the webhook wants to see the object, or undefined when it is not called
 * for this write. Throws the server's refusal when a match condition cannot be evaluated and the webhook fails
 * closed, or when the namespace of a write is gone.
 */
export function matchWebhook(
  webhook: JsonObject,
  attributes: AdmissionAttributes,
  reader: AdmissionReader,
): ResourceType | undefined {
  const wanted = matchResources(webhook, attributes, reader);
  if (!wanted || objectsAt(webhook, "matchConditions").length === 0) return wanted;
  const request = reviewRequest(attributes, wanted, "");
  const authorizer = authorizerFor(attributes, reader);
  const conditions = evaluateConditions(webhook, createActivation({ request, authorizer }));
  if (typeof conditions === "string") throw refuse(attributes, conditions);
  return conditions ? wanted : undefined;
}
