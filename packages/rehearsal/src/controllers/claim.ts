// Which objects belong to a controller: those it owns and that still match, and ownerless ones that match.
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import type { LabelSelector } from "./kinds/meta.ts";
import type { Cache } from "./runtime/cache.ts";
import { controllerOf, controllerReference, uidOf } from "./runtime/owners.ts";
import type { Writer } from "./runtime/writer.ts";
import { matchesSelector } from "./selectors.ts";

/**
 * Owned objects of `cache` that match the selector, after taking over ownerless ones that match and letting go
 * of owned ones that no longer do (the controllers' ControllerRefManager).
 */
export async function claimObjects<T extends KubernetesObject>(
  cache: Cache<T>,
  owner: KubernetesObject,
  { selector, write }: { readonly selector: LabelSelector; readonly write: Writer },
): Promise<T[]> {
  const claimed: T[] = [];
  const mine = controllerReference(owner);
  for (const object of cache.ownedBy(uidOf(owner))) {
    if (controllerOf(object)?.uid !== mine.uid) continue;
    if (matchesSelector(selector, object.metadata.labels)) claimed.push(object);
    else if (!owner.metadata.deletionTimestamp) {
      const rest = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== mine.uid);
      await writeOwners(write, cache, object, rest);
    }
  }
  if (owner.metadata.deletionTimestamp) return claimed;
  for (const object of cache.orphansIn(owner.metadata.namespace ?? "")) {
    if (object.metadata.deletionTimestamp) continue;
    if (!matchesSelector(selector, object.metadata.labels)) continue;
    const references = [...(object.metadata.ownerReferences ?? []), mine];
    if (await writeOwners(write, cache, object, references)) claimed.push(object);
  }
  return claimed;
}

/** False when the object has gone or another has come in its place. */
async function writeOwners(
  write: Writer,
  cache: Cache,
  object: KubernetesObject,
  ownerReferences: KubernetesObject["metadata"]["ownerReferences"],
): Promise<boolean> {
  const metadata = { uid: uidOf(object), ownerReferences: ownerReferences ?? [] };
  try {
    await write.patch(cache.type, object, { type: "merge", patch: { metadata } });
    return true;
  } catch (error) {
    if (isApiError(error, 404) || isApiError(error, 409) || isApiError(error, 422)) return false;
    throw error;
  }
}
