// Objects between the version in which they are stored and the one in which they are asked for.
import type { KubernetesObject } from "@slipway/kubernetes";
import { freezeJson } from "../store/immutable.ts";
import { convertObjects } from "../webhooks/convert-objects.ts";
import { convertBuiltin } from "./builtin-conversion.ts";
import { createReader, type ServerContext } from "./context.ts";
import { readDefinition } from "./crd/definition.ts";
import { apiVersionOf, type ServedType } from "./registry.ts";
import { StatusError } from "./status-error.ts";

const converted = new WeakMap<KubernetesObject, Map<string, KubernetesObject>>();

/** Stored objects in the version of `type`, in the same order; frozen like the stored ones. */
export async function fromStorage(
  server: ServerContext,
  type: ServedType,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const apiVersion = apiVersionOf(type);
  const waiting = objects.filter(
    (object) => object.apiVersion !== apiVersion && !converted.get(object)?.has(apiVersion),
  );
  if (waiting.length > 0) {
    const results = await convert(server, type, waiting, apiVersion);
    for (const [index, object] of waiting.entries()) {
      const versions = converted.get(object) ?? new Map<string, KubernetesObject>();
      versions.set(apiVersion, freezeJson(results[index] as KubernetesObject));
      converted.set(object, versions);
    }
  }
  // Converted once per object, so that its text is written once, too.
  return objects.map((object) => converted.get(object)?.get(apiVersion) ?? object);
}

/** One stored object in the version of `type`. */
export async function oneFromStorage(
  server: ServerContext,
  type: ServedType,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  const [result] = await fromStorage(server, type, [object]);
  return result as KubernetesObject;
}

/** An object that came in the version of `type`, as it is stored. */
export async function toStorage(
  server: ServerContext,
  type: ServedType,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  if (object.apiVersion === type.storedAs) return object;
  const [result] = await convert(server, type, [object], type.storedAs);
  return result as KubernetesObject;
}

async function convert(
  server: ServerContext,
  type: ServedType,
  objects: readonly KubernetesObject[],
  apiVersion: string,
): Promise<readonly KubernetesObject[]> {
  if (!type.custom) return objects.map((object) => convertBuiltin(object, apiVersion));
  const definition = type.custom.object;
  // With strategy `None` the versions differ in nothing but apiVersion.
  if (readDefinition(definition).conversion.strategy !== "Webhook") {
    return objects.map((object) => ({ ...object, apiVersion }));
  }
  const { callWebhook: call, random } = server;
  if (!call) {
    throw new StatusError(
      500,
      "",
      `conversion webhook for ${apiVersion}, Kind=${type.kind} failed: no webhooks`,
    );
  }
  return convertObjects({ call, random, reader: createReader(server, []), definition, objects, apiVersion });
}
