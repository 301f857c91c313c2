// What the server's parts share, and what belongs to one request.
import type { Clock, KubernetesObject, ResourceType } from "@slipway/kubernetes";
import type { AdmissionPlugin, AdmissionReader } from "../admission/admission.ts";
import type { Store } from "../store/store.ts";
import { storeKey } from "../store/store.ts";
import type { CallWebhook } from "../webhooks/call-webhook.ts";
import { findPermission } from "./authorize.ts";
import type { Registry, ServedType } from "./registry.ts";
import type { ApiRequest, RequestInfo } from "./request.ts";
import { methodNotAllowed } from "./status-errors.ts";

/** The server's state and capabilities. */
export interface ServerContext {
  readonly clock: Clock;
  /** A number in [0, 1), from the cluster's seed. */
  readonly random: () => number;
  readonly store: Store;
  readonly registry: Registry;
  /** In the order in which they run. */
  readonly admission: readonly AdmissionPlugin[];
  /** How conversion webhooks are reached; without it their objects cannot be converted. */
  readonly callWebhook?: CallWebhook;
}

/** A request for a served resource, with the warnings that its answer will carry. */
export interface RequestContext {
  readonly server: ServerContext;
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly type: ServedType;
  readonly warnings: string[];
  /** What admission says to the audit log, by key. */
  readonly annotations: Record<string, string>;
}

/** The server's time as objects hold it: RFC 3339, whole seconds, UTC. */
export function timestamp(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}

/** The store as admission plugins see it. Warnings and audit annotations go to what is given for them. */
export function createReader(
  server: ServerContext,
  warnings: string[],
  annotations: Record<string, string> = {},
): AdmissionReader {
  const collectionOf = (type: ResourceType) =>
    server.registry.find(type.group, type.version, type.resource)?.collection ??
    `${type.group}/${type.resource}`;
  return {
    get: (type, namespace, name) => server.store.get(collectionOf(type), storeKey(namespace, name)),
    list(type, namespace): readonly KubernetesObject[] {
      const { entries } = server.store.snapshot(collectionOf(type));
      const objects = entries.map(([, object]) => object);
      return namespace ? objects.filter((object) => object.metadata.namespace === namespace) : objects;
    },
    permit: (user, wanted) => findPermission(server, user, wanted),
    warn(text) {
      if (!warnings.includes(text)) warnings.push(text);
    },
    annotate(key, value) {
      annotations[key] = value;
    },
  };
}

/** The name in the request's path; without one the request fails. */
export function requireName(info: RequestInfo): string {
  if (info.name === undefined) throw methodNotAllowed();
  return info.name;
}
