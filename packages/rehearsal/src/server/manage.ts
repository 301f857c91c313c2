// Field management of a request: who writes through which endpoint.
import type { KubernetesObject } from "@slipway/kubernetes";
import { asOwned } from "../builtin/empty-values.ts";
import { type FieldManagement, recordUpdate } from "../fields/manage-fields.ts";
import { type RequestContext, timestamp } from "./context.ts";
import { resetFieldsOf, schemaOf } from "./object-rules.ts";

/** Everything about a write that its managed fields depend on. */
export function fieldManagement(context: RequestContext, manager: string): FieldManagement {
  const { server, type, info } = context;
  const subresource =
    info.subresource === "status" || info.subresource === "scale" ? info.subresource : undefined;
  return {
    manager,
    time: timestamp(server.clock),
    schema: schemaOf(type),
    subresource,
    resetFields: resetFieldsOf(type, subresource),
  };
}

/** The object with the managedFields that follow from what a create, update or patch changes. */
export function recordWrite(
  context: RequestContext,
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  manager: string,
): KubernetesObject {
  const object = withTemplateGeneration(next);
  const { managedFields: sent, ...metadata } = object.metadata;
  const written = asOwned(object);
  if (sent) written.metadata = { ...written.metadata, managedFields: sent };
  const { managedFields } = recordUpdate(live, written, fieldManagement(context, manager)).metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) } };
}

/** Conversion gives every DaemonSet this annotation, so whoever creates one comes to own it. */
function withTemplateGeneration(object: KubernetesObject): KubernetesObject {
  const name = "deprecated.daemonset.template.generation";
  if (object.kind !== "DaemonSet" || object.apiVersion !== "apps/v1") return object;
  const { annotations } = object.metadata;
  if (annotations?.[name] !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, [name]: "0" } } };
}
