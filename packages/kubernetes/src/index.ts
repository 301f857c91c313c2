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
export type { HttpRequest, HttpResponse, Transport } from "./transport.ts";
