// What the tests of the server share.
import assert from "node:assert/strict";
import { createClient, isApiError, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { startCluster } from "../cluster.ts";

/** A cluster without controllers, a client for it, and a way to ask for anything by method and path. */
export async function startServer() {
  const cluster = await startCluster({ controllers: false });
  const client = createClient({ transport: cluster.transport, userAgent: "test/1" });
  const ask = async (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: JsonObject | string,
    headers: Record<string, string> = {},
  ) => {
    const response = await cluster.transport({
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: JsonObject = text.startsWith("{") ? JSON.parse(text) : { text };
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return { cluster, client, ask };
}

/** For `assert.rejects`: a refusal with this code and text. */
export function refusal(code: number, message: RegExp) {
  return (error: unknown): true => {
    assert.ok(isApiError(error, code), `expected ${code}, got ${String(error)}`);
    assert.match(error instanceof Error ? error.message : "", message);
    return true;
  };
}

/** A ConfigMap in the default namespace. */
export function configMap(
  name: string,
  data: Record<string, string> = {},
  labels: Record<string, string> = {},
): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default", labels }, data };
}

/** A Deployment in the default namespace. */
export function deployment(name: string, spec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "c", image: "example.com/i" }] },
      },
      ...spec,
    },
  };
}

/** The resource that {@link widgetDefinition} defines. */
export const widgets: ResourceType = {
  group: "example.com",
  version: "v1",
  resource: "widgets",
  kind: "Widget",
  namespaced: true,
};

export function widget(name: string, spec: JsonObject = { size: 1 }, version = "v1"): KubernetesObject {
  return {
    apiVersion: `example.com/${version}`,
    kind: "Widget",
    metadata: { name, namespace: "default" },
    spec,
  };
}

/** A CustomResourceDefinition of widgets in two versions; `more` is laid over its spec. */
export function widgetDefinition(more: JsonObject = {}): KubernetesObject {
  const version = (name: string, storage: boolean): JsonObject => ({
    name,
    served: true,
    storage,
    subresources: {
      status: {},
      scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
    },
    schema: {
      openAPIV3Schema: {
        type: "object",
        properties: {
          spec: {
            type: "object",
            required: ["size"],
            properties: {
              size: { type: "integer", maximum: 10 },
              colour: { type: "string", default: "grey", enum: ["grey", "red"] },
            },
          },
          status: { type: "object", properties: { size: { type: "integer" } } },
        },
      },
    },
  });
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: {
        plural: "widgets",
        singular: "widget",
        kind: "Widget",
        listKind: "WidgetList",
        shortNames: ["wd"],
      },
      versions: [version("v1", true), version("v1beta1", false)],
      ...more,
    },
  };
}
