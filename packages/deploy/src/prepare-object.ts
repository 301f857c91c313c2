import { groupOf, type KubernetesObject, normalizeScope, type ResourceType } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { unownedFields } from "./unowned-fields.ts";

/**
 * What is sent for an object of the release: its scope as the server has it, without the fields that
 * controllers fill, without status and server-made metadata, and with the labels given.
 */
export function prepareObject(
  object: KubernetesObject,
  type: ResourceType,
  labels: Readonly<Record<string, string>>,
): KubernetesObject {
  const { status: _, ...rest } = normalizeScope(object, type);
  const { creationTimestamp, resourceVersion, uid, generation, managedFields, ...metadata } = rest.metadata;
  const sent = {
    ...rest,
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
  } as KubernetesObject;
  const kind = `${groupOf(object.apiVersion)}/${object.kind}`;
  let result: Json = sent;
  for (const field of unownedFields) {
    if (field.kinds.includes(kind)) result = omitAt(result, field.path, (value) => field.omit(value, sent));
  }
  return result as KubernetesObject;
}

/** A copy without the value at the path where `omit` says so; the same value when there is nothing to leave out. */
function omitAt(value: Json, path: readonly string[], omit: (value: Json) => boolean): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step === "*") {
    if (!Array.isArray(value)) return value;
    const items = value.map((item) => omitAt(item, rest, omit));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  const inner = value[step];
  if (inner === undefined) return value;
  if (rest.length === 0) {
    if (!omit(inner)) return value;
    const { [step]: _, ...kept }: JsonObject = value;
    return kept;
  }
  const changed = omitAt(inner, rest, omit);
  return changed === inner ? value : { ...value, [step]: changed };
}
