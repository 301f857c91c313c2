// Conversion of custom resources by webhook (apiextensions.k8s.io/v1 ConversionReview).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { objectAt, textAt, textsAt, valueAt } from "../admission/read-json.ts";
import { randomUuid } from "../clock/random.ts";
import { StatusError } from "../server/status-error.ts";
import type { CallWebhook } from "./call-webhook.ts";
import type { ClusterReader } from "./service-route.ts";

/** Conversion webhooks are given this long (apiextensions-apiserver pkg/apiserver/conversion). */
const timeoutSeconds = 30;

/**
 * Objects of a CustomResourceDefinition with strategy `Webhook` in another version, in the same order. Rejects
 * with the API server's refusal when the webhook cannot be reached or does not convert them all.
 */
export async function convertObjects(options: {
  readonly call: CallWebhook;
  readonly random: () => number;
  readonly reader: ClusterReader;
  readonly definition: KubernetesObject;
  readonly objects: readonly KubernetesObject[];
  /** The wanted version, as an apiVersion. */
  readonly apiVersion: string;
}): Promise<KubernetesObject[]> {
  const { call, random, reader, definition, objects, apiVersion } = options;
  const [first] = objects.filter((object) => object.apiVersion !== apiVersion);
  if (!first) return [...objects];
  const fail = (reason: string) =>
    new StatusError(
      500,
      "",
      `conversion webhook for ${first.apiVersion}, Kind=${first.kind} failed: ${reason}`,
    );
  const webhook = objectAt(definition, "spec", "conversion", "webhook");
  if (!textsAt(webhook, "conversionReviewVersions").includes("v1")) {
    throw fail("the webhook does not accept known ConversionReview versions (v1)");
  }
  const review = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "ConversionReview",
    request: { uid: randomUuid(random), desiredAPIVersion: apiVersion, objects: [...objects] },
  };
  const clientConfig = objectAt(webhook, "clientConfig");
  const answer = await call({ reader, clientConfig, review, timeoutSeconds }).catch((error: Error) => {
    throw fail(error.message);
  });
  if (textAt(answer, "response", "result", "status") !== "Success") {
    throw fail(textAt(answer, "response", "result", "message") ?? "invalid response");
  }
  const converted = valueAt(answer, "response", "convertedObjects");
  const found = Array.isArray(converted) ? converted.filter(isJsonObject) : [];
  if (found.length !== objects.length) {
    throw fail(`expected ${objects.length} converted objects, got ${found.length}`);
  }
  // A webhook may change no more of the metadata than labels and annotations.
  return found.map((object, index) => {
    const { labels: _, annotations: __, ...kept } = objects[index]?.metadata ?? { name: "" };
    const metadata = objectAt(object, "metadata");
    const { labels, annotations } = metadata;
    return {
      ...object,
      metadata: { ...kept, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
    } as KubernetesObject;
  });
}
