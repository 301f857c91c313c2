import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@slipway/yaml";
import { formatFieldError } from "../field-error.ts";
import { validateConversion } from "./validate-conversion.ts";

const texts = (conversion: JsonObject) => validateConversion({ conversion }).map(formatFieldError);
const client = "spec.conversion.webhookClientConfig";
const webhook = (clientConfig: JsonObject): JsonObject => ({
  strategy: "Webhook",
  webhook: { clientConfig, conversionReviewVersions: ["v1"] },
});

test("a strategy is one of two, and only one of them has a webhook", () => {
  assert.deepEqual(texts({ strategy: "None" }), []);
  assert.deepEqual(texts({ strategy: "" }), ["spec.conversion.strategy: Required value"]);
  const detail = "Forbidden: should not be set when strategy is not set to Webhook";
  assert.deepEqual(
    texts({ strategy: "None", webhook: { clientConfig: {}, conversionReviewVersions: ["v1"] } }),
    [`${client}: ${detail}`, `spec.conversion.conversionReviewVersions: ${detail}`],
  );
  assert.deepEqual(texts({ strategy: "Webhook" }), [
    `${client}: Required value: required when strategy is set to Webhook`,
    "spec.conversion.conversionReviewVersions: Required value",
  ]);
});

test("a webhook is called by a URL or a service, each in its form", () => {
  const service = { namespace: "a", name: "b" };
  assert.deepEqual(texts(webhook({ service, caBundle: "" })), []);
  assert.deepEqual(texts(webhook({})), [
    `${client}: Required value: exactly one of url or service is required`,
  ]);
  assert.deepEqual(texts(webhook({ url: "http://u@h/?q#f" })), [
    `${client}.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
    `${client}.url: Invalid value: "u": user information is not permitted in the URL`,
    `${client}.url: Invalid value: "f": fragments are not permitted in the URL`,
    `${client}.url: Invalid value: "q": query parameters are not permitted in the URL`,
  ]);
  assert.deepEqual(texts(webhook({ service: { name: "b", port: 70000, path: "a" } })), [
    `${client}.service.name: Required value`,
    `${client}.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive`,
    `${client}.service.path: Invalid value: "a": must start with a '/'`,
    `${client}.service.path: Invalid value: "a": segment[0] may not be empty`,
  ]);
});
