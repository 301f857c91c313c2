// Reads built-in objects as the API server's Go types do. What a field becomes when it is empty is part of the
// generated schema; defaults come after, from ./defaults.
import { groupOf, type KubernetesObject, type ObjectMeta, versionOf } from "@slipway/kubernetes";
import { StatusError } from "../server/status-error.ts";
import { createDecoder, type Decoder, decodeStruct } from "./decode-value.ts";
import { convertSecretData } from "./defaults/secret.ts";
import { applyBuiltinDefaults } from "./defaults.ts";
import { builtinSchema, objectMetaSchema } from "./schemas.ts";

/** What reading a built-in object found: the object as the server holds it, and fields it does not know. */
export interface Decoded {
  readonly object: KubernetesObject;
  /** Paths of unknown fields, already removed: `spec.foo`. */
  readonly unknownFields: readonly string[];
}

/**
 * Reads a built-in object as the server's own types do: unknown fields removed, empty ones dropped or written out,
 * quantities in canonical form, and every default filled in. Throws StatusError 400 on a value of the wrong
 * type. Does not change its argument. Objects of kinds that are not built in come back as they are.
 */
export function decodeBuiltin(object: KubernetesObject): Decoded {
  const { apiVersion, kind } = object;
  const schema = builtinSchema(groupOf(apiVersion), versionOf(apiVersion), kind);
  if (!schema) return { object, unknownFields: [] };
  const decoder = decoderFor(object);
  const decoded = decodeStruct(object, schema, decoder) as KubernetesObject;
  if (kind === "Secret") convertSecretData(decoded);
  applyBuiltinDefaults(decoded, schema);
  return { object: decoded, unknownFields: decoder.unknownFields };
}

/** Reads the metadata of any object, custom resources included. */
export function decodeMetadata(object: KubernetesObject): {
  readonly metadata: ObjectMeta;
  readonly unknownFields: readonly string[];
} {
  const decoder = decoderFor(object, 1);
  decoder.path.push("metadata");
  const metadata = decodeStruct(object.metadata, objectMetaSchema(), decoder) as ObjectMeta;
  return { metadata, unknownFields: decoder.unknownFields };
}

function decoderFor({ kind, apiVersion }: KubernetesObject, hidden = 0): Decoder {
  return createDecoder((text) => {
    const what = `${kind} in version "${versionOf(apiVersion)}" cannot be handled as a ${kind}`;
    throw new StatusError(400, "BadRequest", `${what}: ${text}`);
  }, hidden);
}
