// What the server does to an object because of its kind, whether built in or defined by a CustomResourceDefinition.
import {
  type FieldError,
  type KubernetesObject,
  parseSchema,
  type Schema,
  validateBySchema,
} from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import {
  customResetFields,
  decodeCustomResource,
  prepareCustomForCreate,
  prepareCustomForUpdate,
} from "../builtin/custom-resource.ts";
import { decodeBuiltin, type Source } from "../builtin/decode.ts";
import { builtinSchema } from "../builtin/schemas.ts";
import * as builtin from "../builtin/strategy.ts";
import type { RequestContext } from "./context.ts";
import type { CustomVersion, ServedType } from "./registry.ts";
import { badRequest } from "./status-errors.ts";
import { validateCustomScale } from "./validation/custom-scale.ts";
import type { WriteOptions } from "./write-options.ts";

/**
 * Reads an object as the server holds it: unknown fields dropped, empty ones normalised, defaults filled in. What
 * was dropped, and keys that the body gave twice, is refused, told as a warning or kept quiet, as the request wants.
 */
export function decodeObject(
  { type, warnings }: RequestContext,
  object: KubernetesObject,
  { fieldValidation }: Pick<WriteOptions, "fieldValidation">,
  { duplicates = [], source = "json" }: { duplicates?: readonly string[]; source?: Source } = {},
): KubernetesObject {
  const { object: decoded, unknownFields: unknown } = type.custom
    ? decodeCustomResource(object, customSchema(type.custom), source)
    : decodeBuiltin(object, source);
  const complaints = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
  complaints.push(...unknown.map((path) => `unknown field ${JSON.stringify(path)}`));
  if (complaints.length > 0 && fieldValidation === "Strict") {
    throw badRequest(
      `${type.kind} in version ${JSON.stringify(type.version)} cannot be handled as a ${type.kind}: strict decoding error: ${complaints.join(", ")}`,
    );
  }
  if (fieldValidation === "Warn")
    for (const text of complaints) if (!warnings.includes(text)) warnings.push(text);
  return decoded;
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
  return type.custom
    ? customResetFields(hasStatus(type), subresource)
    : builtin.resetFieldsOf(type.group, type.kind, subresource);
}

/** Status and generation of a new object. Changes its argument. */
export function prepareForCreate(type: ServedType, object: KubernetesObject): void {
  if (type.custom) prepareCustomForCreate(object, hasStatus(type));
  else builtin.prepareForCreate(object);
}

/** Status and generation of an object that is changed at the time `now`. Changes `next`. */
export function prepareForUpdate(
  type: ServedType,
  next: KubernetesObject,
  old: KubernetesObject,
  { subresource, now }: { subresource: string | undefined; now: string },
): void {
  // Bindings and finalizers are set as they come; no desired state changes with them.
  if (subresource !== undefined && subresource !== "status" && subresource !== "scale") return;
  if (type.custom) prepareCustomForUpdate(next, old, { hasStatus: hasStatus(type), subresource });
  else builtin.prepareForUpdate(next, old, { subresource, now });
}

/** What the definition of a custom resource finds wrong; nothing for built-in kinds. */
export function validateByDefinition(
  type: ServedType,
  object: KubernetesObject,
  { old, statusOnly = false }: { readonly old?: KubernetesObject; readonly statusOnly?: boolean } = {},
): FieldError[] {
  if (!type.custom) return [];
  const errors = validateBySchema(object, customSchema(type.custom), { ...(old ? { old } : {}), statusOnly });
  const { subresources } = type.custom.version;
  const declared = isJsonObject(subresources) ? subresources.scale : undefined;
  const scale = validateCustomScale(object, declared, { statusOnly });
  // That rules were not looked at is said last.
  const end = errors.findIndex(({ field }) => field === "");
  const at = end < 0 ? errors.length : end;
  return [...errors.slice(0, at), ...scale, ...errors.slice(at)];
}

/** Whether the resource has a status of its own that only its subresource changes. */
export function hasStatus(type: ServedType): boolean {
  return type.subresources.some(({ name }) => name === "status");
}
