// What the API server itself writes into its store: its controllers know each other's writes and need no admission.
import { groupOf, type KubernetesObject, versionOf } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../builtin/schemas.ts";
import { randomUuid } from "../clock/random.ts";
import { recordUpdate } from "../fields/manage-fields.ts";
import { storeKey } from "../store/store.ts";
import { type ServerContext, timestamp } from "./context.ts";

/** The collection and the object before the write. */
interface Place {
  readonly collection: string;
  /** Who is recorded as the owner of what changes; `kube-apiserver` when left out. */
  readonly manager?: string;
}

/** Stores a new object under its name, with uid and time. */
export function putNew(
  server: ServerContext,
  object: KubernetesObject,
  { collection, manager }: Place,
): KubernetesObject {
  const { name, namespace } = object.metadata;
  const uid = randomUuid(server.random);
  const metadata = { ...object.metadata, uid, creationTimestamp: timestamp(server.clock) };
  const recorded = record(server, undefined, { ...object, metadata }, { manager });
  return server.store.put(collection, storeKey(namespace, name), recorded);
}

/** Stores another state of an object that is there. */
export function putChanged(
  server: ServerContext,
  live: KubernetesObject,
  next: KubernetesObject,
  { collection, manager }: Place,
): KubernetesObject {
  const { name, namespace } = live.metadata;
  return server.store.put(collection, storeKey(namespace, name), record(server, live, next, { manager }));
}

/** Stores an object with another status. */
export function putStatus(
  server: ServerContext,
  live: KubernetesObject,
  status: JsonObject,
  { collection, manager }: Place,
): KubernetesObject {
  const { name, namespace } = live.metadata;
  const next = record(server, live, { ...live, status }, { manager, subresource: "status" });
  return server.store.put(collection, storeKey(namespace, name), next);
}

function record(
  server: ServerContext,
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  { manager = "kube-apiserver", subresource }: { manager?: string | undefined; subresource?: "status" },
): KubernetesObject {
  const schema = builtinSchema(groupOf(next.apiVersion), versionOf(next.apiVersion), next.kind);
  if (!schema) throw new Error(`no schema of ${next.kind}`);
  return recordUpdate(live, next, { manager, time: timestamp(server.clock), schema, subresource });
}
