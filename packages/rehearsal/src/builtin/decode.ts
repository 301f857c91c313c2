// Reads built-in objects as the API server's Go types do. What a field becomes when it is empty is part of the
// generated schema; defaults come after, from ./defaults.
import { groupOf, type KubernetesObject, type ObjectMeta, versionOf } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import { conversionError } from "./conversion-error.ts";
import { createDecoder, decodeStruct, decodeValue, Misfit } from "./decode-value.ts";
import { decodingError } from "./decoding-error.ts";
import { convertSecretData } from "./defaults/secret.ts";
import { applyBuiltinDefaults } from "./defaults.ts";
import { settleValue } from "./empty-values.ts";
import { builtinSchema, objectMetaSchema } from "./schemas.ts";

/** What reading a built-in object found: the object as the server holds it, and fields it does not know. */
export interface Decoded {
  readonly object: KubernetesObject;
  /** Paths of unknown fields, already removed: `spec.foo`. */
  readonly unknownFields: readonly string[];
}

/** How an object comes: as the text of a request, or out of another object that was changed. */
export type Source = "json" | "unstructured";

/**
 * Reads a built-in object as the server's own types do: unknown fields removed, empty ones dropped or written out,
 * quantities in canonical form, and every default filled in. Empty lists and maps stay, as they do in the server's
 * memory; `asStored` ends that. Throws StatusError 400 on a value of the wrong
 * type. Does not change its argument. Objects of kinds that are not built in come back as they are.
 */
export function decodeBuiltin(object: KubernetesObject, source: Source = "json"): Decoded {
  const { apiVersion, kind } = object;
  const schema = builtinSchema(groupOf(apiVersion), versionOf(apiVersion), kind);
  if (!schema) return { object, unknownFields: [] };
  const decoder = createDecoder({ unstructured: source === "unstructured" });
  const explain = source === "json" ? decodingError : conversionError;
  const decoded = readOr(
    () => decodeStruct(object, schema, decoder) as KubernetesObject,
    () => unreadable(object, explain(object, schema)),
  );
  if (kind === "Secret") convertSecretData(decoded);
  applyBuiltinDefaults(decoded, schema);
  const { unknownFields } = decoder;
  return { object: decoded, unknownFields: source === "json" ? unknownFields : unknownFields.sort() };
}

/** Reads the metadata of a custom resource, which the server has written with sorted keys before. */
export function decodeMetadata(object: KubernetesObject): {
  readonly metadata: ObjectMeta;
  readonly unknownFields: readonly string[];
} {
  const decoder = createDecoder({ sorted: true });
  decoder.path.push("metadata");
  const schema = objectMetaSchema();
  const metadata = readOr(
    () => decodeValue(object.metadata, schema, decoder) as ObjectMeta,
    () => unreadable(object, decodingError(object.metadata, schema)),
  );
  return {
    metadata: settleValue(metadata as JsonObject, schema, "stored") as ObjectMeta,
    unknownFields: decoder.unknownFields,
  };
}

function readOr<T>(read: () => T, refusal: () => StatusError): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Misfit ? refusal() : error;
  }
}

function unreadable({ kind, apiVersion }: KubernetesObject, text = "it cannot be read"): StatusError {
  const what = `${kind} in version "${versionOf(apiVersion)}" cannot be handled as a ${kind}`;
  return new StatusError(400, "BadRequest", `${what}: ${text}`);
}
