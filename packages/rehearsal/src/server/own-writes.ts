// What the API server itself writes into its store: its controllers know each other's writes and need no admission.
import { groupOf, type KubernetesObject, versionOf } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { builtinSchema } from "../builtin/schemas.ts";
import { randomUuid } from "../clock/random.ts";
import { recordUpdate } from "../fields/manage-fields.ts";
import { storeKey } from "../store/store.ts";
import { type ServerContext, timestamp } from "./context.ts";

/** Where an object is stored, and who writes it. */
interface Place {
  readonly collection: string;
  /** Who is recorded as the owner of what changes; `kube-apiserver` when left out. */
  readonly manager?: string;
}

/** Stores a new object under its name, with uid and time. */
export function putNew(server: ServerContext, object: KubernetesObject, place: Place): KubernetesObject {
  const uid = randomUuid(server.random);
  const metadata = { ...object.metadata, uid, creationTimestamp: timestamp(server.clock) };
  return put(server, undefined, { ...object, metadata }, place);
}

/** Stores another state of an object that is there. */
export function putChanged(
  server: ServerContext,
  live: KubernetesObject,
  next: KubernetesObject,
  place: Place,
): KubernetesObject {
  return put(server, live, next, place);
}

/** Stores an object with another status. */
export function putStatus(
  server: ServerContext,
  live: KubernetesObject,
  status: JsonObject,
  place: Place,
): KubernetesObject {
  return put(server, live, { ...live, status }, { ...place, subresource: "status" });
}

function put(
  server: ServerContext,
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  { collection, manager = "kube-apiserver", subresource }: Place & { readonly subresource?: "status" },
): KubernetesObject {
  const schema = builtinSchema(groupOf(next.apiVersion), versionOf(next.apiVersion), next.kind);
  if (!schema) throw new Error(`no schema of ${next.kind}`);
  const recorded = recordUpdate(live, next, { manager, time: timestamp(server.clock), schema, subresource });
  const { name, namespace } = next.metadata;
  return server.store.put(collection, storeKey(namespace, name), recorded);
}
