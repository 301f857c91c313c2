import { builtin, type Client, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import { type Membership, membershipLabel } from "./membership.ts";

/**
 * The objects of a kind that will still be there when the deployment has gone: those that it did not make, apart
 * from what is being deleted and what goes with its namespace. A namespace goes when it is being deleted, when it
 * is a member, or when a member owns it (a Profile its tenant's) and the garbage collector is about to take it.
 */
export async function listForeignObjects(options: {
  readonly client: Client;
  readonly type: ResourceType;
  readonly membership: Membership;
  /** The uids of what the deployment made. */
  readonly memberUids: ReadonlySet<string>;
}): Promise<KubernetesObject[]> {
  const { client, type, membership, memberUids } = options;
  const { items } = await client.list(type, { labelSelector: `${membershipLabel}!=${membership.id}` });
  const present = items.filter((object) => !object.metadata.deletionTimestamp);
  if (present.length === 0 || !type.namespaced) return present;
  const namespaces = await client.list(builtin("", "Namespace"));
  const staying = new Set(
    namespaces.items
      .filter(({ metadata }) => {
        const isMember = metadata.labels?.[membershipLabel] === membership.id;
        const isOwned = (metadata.ownerReferences ?? []).some(({ uid }) => memberUids.has(uid));
        return !metadata.deletionTimestamp && !isMember && !isOwned;
      })
      .map(({ metadata }) => metadata.name),
  );
  return present.filter(({ metadata }) => staying.has(metadata.namespace ?? ""));
}
