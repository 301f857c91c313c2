// The public face of @slipway/kubernetes.
export type {
  Client,
  DeleteOptions,
  ListOptions,
  ObjectList,
  ObjectRef,
  PatchBody,
  ResourceType,
  WatchEvent,
  WriteOptions,
} from "./client.ts";
export { type Clock, systemClock } from "./clock.ts";
export { ApiError, ConnectionError, isApiError } from "./errors.ts";
export { type ClientSettings, collectionPath, createClient, objectPath } from "./http-client.ts";
export { createInformer, type Informer, type InformerOptions, type ObjectChange } from "./informer.ts";
export {
  formatIdentity,
  groupOf,
  identify,
  type KubernetesObject,
  type ObjectIdentity,
  type ObjectMeta,
  type OwnerReference,
  objectKey,
  versionOf,
} from "./object.ts";
export {
  builtin,
  builtinResources,
  findBuiltin,
  type ServedResource,
  type ServedSubresource,
} from "./resource-types.ts";
export { type CelExpression, compileCel } from "./schema/cel.ts";
export { applySchemaDefaults } from "./schema/default.ts";
export { type FieldError, formatFieldError, formatFieldErrors, toCauses } from "./schema/field-error.ts";
export { parseSchema } from "./schema/parse-schema.ts";
export { pruneUnknownFields } from "./schema/prune.ts";
export type { EmptyField, Schema, SchemaLimits, SchemaRule, SchemaType } from "./schema/schema.ts";
export { validateBySchema } from "./schema/validate.ts";
export { validateCustomResourceDefinition } from "./schema/validate-crd.ts";
export type { HttpRequest, HttpResponse, Transport } from "./transport.ts";
