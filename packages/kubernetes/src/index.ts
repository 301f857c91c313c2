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
export type { HttpRequest, HttpResponse, Transport } from "./transport.ts";
