// Objects between the version in which they are stored and the one in which they are asked for.
import { type KubernetesObject, pruneUnknownFields } from "@slipway/kubernetes";
import { freezeJson } from "../store/immutable.ts";
import { convertObjects } from "../webhooks/convert-objects.ts";
import { convertBuiltin } from "./builtin-conversion.ts";
import { createReader, type ServerContext } from "./context.ts";
import { readDefinition } from "./crd/definition.ts";
import { schemaOf } from "./object-rules.ts";
import { apiVersionOf, type ServedType } from "./registry.ts";
import { StatusError } from "./status-error.ts";

/** What stored objects came to in other versions, by the definition that said how; built-in kinds have none. */
const converted = new WeakMap<object, WeakMap<KubernetesObject, Map<string, KubernetesObject>>>();
const builtins = {};

function convertedBy(type: ServedType): WeakMap<KubernetesObject, Map<string, KubernetesObject>> {
  const key = type.custom?.object ?? builtins;
  const known = converted.get(key) ?? new WeakMap();
  converted.set(key, known);
  return known;
}

/** Stored objects in the version of `type`, in the same order; frozen like the stored ones. */
export async function fromStorage(
  server: ServerContext,
  type: ServedType,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const apiVersion = apiVersionOf(type);
  const known = convertedBy(type);
  const waiting = objects.filter(
    (object) => object.apiVersion !== apiVersion && !known.get(object)?.has(apiVersion),
  );
  if (waiting.length > 0) {
    const results = await convert(server, type, waiting, apiVersion);
    for (const [index, object] of waiting.entries()) {
      const versions = known.get(object) ?? new Map<string, KubernetesObject>();
      versions.set(apiVersion, freezeJson(results[index] as KubernetesObject));
      known.set(object, versions);
    }
  }
  // Converted once per object, so that its text is written once, too.
  return objects.map((object) => known.get(object)?.get(apiVersion) ?? object);
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
  const wanted = server.registry.find(type.group, apiVersion.split("/")[1] ?? "", type.resource) ?? type;
  const schema = schemaOf(wanted);
  const pruned = (object: KubernetesObject): KubernetesObject => {
    const { metadata, ...body } = structuredClone(object);
    pruneUnknownFields(body, schema);
    return { ...body, metadata };
  };
  // With strategy `None` the versions differ in nothing but apiVersion and in what their schemas know.
  if (readDefinition(definition).conversion.strategy !== "Webhook") {
    return objects.map((object) => pruned({ ...object, apiVersion }));
  }
  const { callWebhook: call, random } = server;
  if (!call) {
    throw new StatusError(
      500,
      "",
      `conversion webhook for ${apiVersion}, Kind=${type.kind} failed: no webhooks`,
    );
  }
  const reader = createReader(server, []);
  const results = await convertObjects({ call, random, reader, definition, objects, apiVersion });
  return results.map(pruned);
}
