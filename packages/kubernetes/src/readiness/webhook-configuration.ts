import { isJsonObject } from "@slipway/yaml";
import { mapAt, mapsAt, textAt } from "./fields.ts";
import { pending, type ReadinessRule, ready } from "./readiness.ts";

/**
 * admissionregistration/{Mutating,Validating}WebhookConfiguration: each webhook behind a Service has the CA
 * certificate that the API server checks it with. Whether the webhook answers is not seen here.
 */
export const webhookConfigurationReadiness: ReadinessRule = (object) => {
  for (const webhook of mapsAt(object, "webhooks")) {
    const client = mapAt(webhook, "clientConfig");
    if (isJsonObject(client.service) && textAt(client, "caBundle") === "") {
      return pending(`webhook ${textAt(webhook, "name")} has no caBundle yet`);
    }
  }
  return ready("every webhook has its caBundle");
};
