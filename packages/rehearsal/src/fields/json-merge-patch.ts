import { isJsonObject, type Json, type JsonObject, setMember } from "@slipway/yaml";

/** JSON merge patch (RFC 7386). Returns a new object that shares unchanged parts with the old one. */
export function applyJsonMergePatch(object: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else setMember(result, key, mergeValue(Object.hasOwn(result, key) ? result[key] : undefined, value));
  }
  return result;
}

function mergeValue(old: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  return applyJsonMergePatch(isJsonObject(old) ? old : {}, patch);
}
