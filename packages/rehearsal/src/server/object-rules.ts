// What the server does to an object because of its kind, whether built in or defined by a CustomResourceDefinition.
import { type KubernetesObject, parseSchema, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { decodeBuiltin } from "../builtin/decode.ts";
import { builtinSchema } from "../builtin/schemas.ts";
import * as builtin from "../builtin/strategy.ts";
import { equalJson } from "../store/immutable.ts";
import type { RequestContext } from "./context.ts";
import type { CustomVersion, ServedType } from "./registry.ts";
import { badRequest } from "./status-errors.ts";
import type { WriteOptions } from "./write-options.ts";

/**
 * Reads an object as the server holds it: unknown fields dropped, empty ones normalised, defaults filled in. What
 * was dropped is refused, told as a warning or kept quiet, as the request wants it.
 */
export function decodeObject(
  { type, warnings }: RequestContext,
  object: KubernetesObject,
  { fieldValidation }: Pick<WriteOptions, "fieldValidation">,
): KubernetesObject {
  const { object: decoded, unknownFields } = type.custom ? decodeCustom(object) : decodeBuiltin(object);
  const complaints = unknownFields.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (complaints.length > 0 && fieldValidation === "Strict") {
    throw badRequest(
      `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: strict decoding error: ${complaints.join(", ")}`,
    );
  }
  if (fieldValidation === "Warn")
    for (const text of complaints) if (!warnings.includes(text)) warnings.push(text);
  return decoded;
}

function decodeCustom(object: KubernetesObject): {
  object: KubernetesObject;
  unknownFields: readonly string[];
} {
  // Metadata has a type of its own on the real server; any kind that has nothing else shows what becomes of it.
  const bare: KubernetesObject = { apiVersion: "v1", kind: "ConfigMap", metadata: object.metadata };
  const { object: decoded, unknownFields } = decodeBuiltin(bare);
  return { object: { ...object, metadata: decoded.metadata }, unknownFields };
}

const customSchemas = new WeakMap<JsonObject, Schema>();

/** The schema of a custom resource's version, parsed once. */
function customSchema({ version }: CustomVersion): Schema {
  let schema = customSchemas.get(version);
  if (!schema) {
    const declared = isJsonObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
    schema = parseSchema(isJsonObject(declared) ? declared : { type: "object" });
    customSchemas.set(version, schema);
  }
  return schema;
}

/** The schema by which fields are managed and patched. */
export function schemaOf(type: ServedType): Schema {
  const schema = type.custom ? customSchema(type.custom) : builtinSchema(type.group, type.version, type.kind);
  if (!schema) throw new Error(`no schema of ${type.kind} in ${type.group}/${type.version}`);
  return schema;
}

/** Which paths nobody gets to own through the endpoint. */
export function resetFieldsOf(
  type: ServedType,
  subresource: "status" | "scale" | undefined,
): readonly (readonly string[])[] {
  if (!type.custom) return builtin.resetFieldsOf(type.group, type.kind, subresource);
  if (subresource === "status") return [["spec"], ["metadata"]];
  return hasStatus(type) && subresource === undefined ? [["status"]] : [];
}

/** Status and generation of a new object. Changes its argument. */
export function prepareForCreate(type: ServedType, object: KubernetesObject): void {
  if (!type.custom) builtin.prepareForCreate(object);
  else {
    if (hasStatus(type)) delete object.status;
    object.metadata.generation = 1;
  }
}

/** Status and generation of a changed object. Changes `next`. */
export function prepareForUpdate(
  type: ServedType,
  next: KubernetesObject,
  old: KubernetesObject,
  subresource: string | undefined,
): void {
  // Bindings and finalizers are set as they come; no desired state changes with them.
  if (subresource !== undefined && subresource !== "status" && subresource !== "scale") return;
  if (!type.custom) builtin.prepareForUpdate(next, old, subresource);
  else if (subresource === "status") keepAllButStatus(next, old);
  else keepStatus(type, next, old);
}

function keepStatus(type: ServedType, next: KubernetesObject, old: KubernetesObject): void {
  if (hasStatus(type)) {
    if (old.status === undefined) delete next.status;
    else next.status = old.status;
  }
  const desired = (object: KubernetesObject) => ({ ...object, metadata: null });
  const changed = !equalJson(desired(next), desired(old));
  next.metadata.generation = (old.metadata.generation ?? 0) + (changed ? 1 : 0);
}

function keepAllButStatus(next: KubernetesObject, old: KubernetesObject): void {
  const { status } = next;
  const { managedFields, resourceVersion } = next.metadata;
  for (const key of Object.keys(next)) delete next[key];
  const metadata: JsonObject = { ...old.metadata };
  if (managedFields) metadata.managedFields = managedFields;
  if (resourceVersion) metadata.resourceVersion = resourceVersion;
  Object.assign(next, old, { metadata });
  if (status === undefined) delete next.status;
  else next.status = status;
}

/** Whether the resource has a status of its own that only its subresource changes. */
export function hasStatus(type: ServedType): boolean {
  return type.subresources.some(({ name }) => name === "status");
}
