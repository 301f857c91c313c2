import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "@slipway/kubernetes";
import { createTestReader } from "../admission/testing.ts";
import { createRandom } from "../clock/random.ts";
import { answerReview, type WebhookBackend } from "./backend.ts";
import type { CallWebhook } from "./call-webhook.ts";
import { convertObjects } from "./convert-objects.ts";

const definition: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    conversion: {
      strategy: "Webhook",
      webhook: { conversionReviewVersions: ["v1"], clientConfig: { service: { path: "/convert" } } },
    },
  },
};
const widget = (version: string): KubernetesObject => ({
  apiVersion: `example.com/${version}`,
  kind: "Widget",
  metadata: { name: "w", namespace: "team", uid: "u", labels: { a: "b" } },
  size: 3,
});

const reader = createTestReader([]);
const convert = (call: CallWebhook) =>
  convertObjects({
    call,
    random: createRandom(1),
    reader,
    definition,
    objects: [widget("v1")],
    apiVersion: "example.com/v2",
  });
const through =
  (backend?: WebhookBackend): CallWebhook =>
  ({ review }) =>
    answerReview(backend, review, { path: "/convert", reader });

test("a server that does not care changes the version only", async () => {
  assert.deepEqual(await convert(through()), [widget("v2")]);
});

test("a server's conversion is taken, of the metadata labels and annotations only", async () => {
  const backend: WebhookBackend = {
    convert: (object, apiVersion) => ({
      ...object,
      apiVersion,
      metadata: { ...object.metadata, finalizers: ["example.com/f"], labels: { c: "d" } },
      size: "3 cm",
    }),
  };
  const [converted] = await convert(through(backend));
  assert.equal(converted?.size, "3 cm");
  assert.equal(converted?.metadata.finalizers, undefined);
  assert.deepEqual(converted?.metadata.labels, { c: "d" });
});

test("a webhook that is away fails the request in the API server's words", async () => {
  const away = () => Promise.reject(new Error('Post "https://x.y.svc:443/convert?timeout=30s": no'));
  await assert.rejects(convert(away), {
    code: 500,
    message:
      'conversion webhook for example.com/v1, Kind=Widget failed: Post "https://x.y.svc:443/convert?timeout=30s": no',
  });
});
