// Custom resources on their way into the store: read by the schema of their version, metadata as everywhere.
import {
  applySchemaDefaults,
  equalJson,
  type KubernetesObject,
  pruneUnknownFields,
  type Schema,
} from "@slipway/kubernetes";
import { type Decoded, decodeMetadata, type Source } from "./decode.ts";
import { inKeyOrder } from "./key-order.ts";

/**
 * Removes what the schema (`parseSchema` of the CRD's version) does not know and fills in its defaults. Throws
 * StatusError 400 when the metadata is of a wrong type. Does not change its argument; apiVersion and kind stay.
 */
export function decodeCustomResource(
  object: KubernetesObject,
  schema: Schema,
  source: Source = "json",
): Decoded {
  const { metadata: _, ...body } = object;
  const copy = structuredClone(body) as KubernetesObject;
  // Metadata is written as a map and read again before anything is said of it.
  const written = inKeyOrder(object.metadata) as KubernetesObject["metadata"];
  const { metadata, unknownFields } = decodeMetadata({ ...object, metadata: written });
  copy.metadata = metadata;
  // Metadata is read first; what the schema does not know is told in order.
  const unknown = [...unknownFields, ...pruneUnknownFields(copy, schema).sort()];
  applySchemaDefaults(copy, schema, { keepNulls: source === "unstructured" });
  return { object: copy, unknownFields: unknown };
}

/** What the registry does to a new custom resource: generation 1, no status where that has its own endpoint. */
export function prepareCustomForCreate(object: KubernetesObject, hasStatus: boolean): void {
  if (hasStatus) delete object.status;
  object.metadata.generation = 1;
}

/**
 * The same for an update: with a status endpoint the main resource keeps the old status, and through `status`
 * only the status changes. Anything but metadata and status counts a generation. Changes `next`.
 */
export function prepareCustomForUpdate(
  next: KubernetesObject,
  old: KubernetesObject,
  options: { readonly hasStatus: boolean; readonly subresource?: "status" | "scale" | undefined },
): void {
  if (options.subresource === "status") {
    const { status, metadata } = next;
    for (const key of Object.keys(next)) delete next[key];
    Object.assign(next, structuredClone(old));
    if (metadata.managedFields) next.metadata.managedFields = metadata.managedFields;
    else delete next.metadata.managedFields;
    if (status === undefined) delete next.status;
    else next.status = status;
    return;
  }
  if (options.hasStatus) {
    if (old.status === undefined) delete next.status;
    else next.status = old.status;
  }
  const { metadata: _, ...body } = next;
  const { metadata: __, ...oldBody } = old;
  const generation = old.metadata.generation ?? 0;
  next.metadata = { ...next.metadata, generation: equalJson(body, oldBody) ? generation : generation + 1 };
}

/** Which paths nobody gets to own through an endpoint of a custom resource. */
export function customResetFields(
  hasStatus: boolean,
  subresource: "status" | "scale" | undefined,
): readonly (readonly string[])[] {
  if (!hasStatus || subresource === "scale") return [];
  return subresource === "status" ? [["metadata"], ["spec"]] : [["status"]];
}
