// Conversion of custom resources by webhook (apiextensions.k8s.io/v1 ConversionReview).
import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt, textAt, textsAt } from "../admission/read-json.ts";
import { randomUuid } from "../clock/random.ts";
import { StatusError } from "../server/status-error.ts";
import { validateAnnotations, validateLabels } from "../server/validation/metadata.ts";
import type { CallWebhook } from "./call-webhook.ts";
import type { ClusterReader } from "./service-route.ts";

/** Conversion webhooks are given this long (apiextensions-apiserver pkg/apiserver/conversion). */
const timeoutSeconds = 30;

/**
 * Objects of a CustomResourceDefinition with strategy `Webhook` in another version, in the same order. Rejects
 * with the API server's refusal when the webhook cannot be reached or does not convert them all
 * (apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go).
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
  const refuse = (reason: string) =>
    new StatusError(500, "", `conversion webhook for ${first.apiVersion}, Kind=${first.kind} ${reason}`);
  const webhook = objectAt(definition, "spec", "conversion", "webhook");
  const version = textsAt(webhook, "conversionReviewVersions").find(
    (one) => one === "v1" || one === "v1beta1",
  );
  if (!version) {
    throw refuse("failed: the webhook does not accept known ConversionReview versions (v1, v1beta1)");
  }
  const uid = randomUuid(random);
  const review = {
    apiVersion: `apiextensions.k8s.io/${version}`,
    kind: "ConversionReview",
    request: { uid, desiredAPIVersion: apiVersion, objects: [...objects] },
  };
  const clientConfig = objectAt(webhook, "clientConfig");
  const answer = await call({ reader, clientConfig, review, timeoutSeconds }).catch((error: Error) => {
    throw refuse(`failed: ${error.message}`);
  });
  const converted = convertedBy(answer.response, version === "v1" ? uid : undefined, (reason) =>
    refuse(`failed: ${reason}`),
  );
  if (converted.length !== objects.length) {
    throw refuse(`returned ${converted.length} objects, expected ${objects.length}`);
  }
  return objects.map((original, index) =>
    takeOver(original, converted[index], { apiVersion, index, refuse }),
  );
}

/** The objects of a response, which has to answer the question and to say that it succeeded. */
function convertedBy(
  response: Json | undefined,
  uid: string | undefined,
  fail: (reason: string) => StatusError,
): Json[] {
  if (!isJsonObject(response)) throw fail("no response provided");
  if (uid !== undefined && response.uid !== uid) {
    throw fail(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`);
  }
  const status = textAt(response, "result", "status") ?? "";
  if (status !== "Success") {
    const message = textAt(response, "result", "message");
    throw fail(message || `response.result.status was '${status}', not 'Success'`);
  }
  return Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
}

/** The converted object; a webhook may change no more of the metadata than labels and annotations. */
function takeOver(
  original: KubernetesObject,
  converted: Json | undefined,
  {
    apiVersion,
    index,
    refuse,
  }: { apiVersion: string; index: number; refuse: (reason: string) => StatusError },
): KubernetesObject {
  const object: JsonObject = isJsonObject(converted) ? converted : {};
  const wrong = (what: string, expected: Json | undefined, received: Json | undefined) =>
    refuse(
      `returned invalid object at index ${index}: invalid ${what} (expected ${expected}, received ${received ?? ""})`,
    );
  if (object.apiVersion !== apiVersion) throw wrong("groupVersion", apiVersion, object.apiVersion);
  if (object.kind !== original.kind) throw wrong("kind", original.kind, object.kind);
  const metadata = objectAt(object, "metadata");
  for (const [field, name] of [
    ["name", "name"],
    ["namespace", "namespace"],
    ["uid", "UID"],
  ] as const) {
    const [before = "", after = ""] = [original.metadata[field], metadata[field]];
    if (before !== after)
      throw refuse(`returned invalid object: must have the same ${name}: ${before} != ${after}`);
  }
  const { labels, annotations } = metadata;
  const errors: FieldError[] = [
    ...validateLabels(labels, "metadata.labels"),
    ...validateAnnotations((annotations ?? {}) as Record<string, string>),
  ];
  if (errors[0]) throw refuse(`returned invalid metadata: ${errors[0].field}: ${errors[0].message}`);
  const { labels: _, annotations: __, ...kept } = original.metadata;
  return {
    ...object,
    metadata: { ...kept, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) },
  } as KubernetesObject;
}
