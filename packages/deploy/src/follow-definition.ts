import {
  type Client,
  type Clock,
  type KubernetesObject,
  type ResourceType,
  resourcesOfCrd,
} from "@slipway/kubernetes";
import type { ObjectListener, Watches } from "./watches.ts";

/** Discovery follows what a definition says of itself a moment later. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** From here on a definition is looked at itself: it may say why it is not served. */
const slowMs = 2_000;

/** How an applied definition comes to be served. */
export interface FollowedDefinition {
  /** Every version that it serves is listed by discovery. */
  isServed(): boolean;
  /** Tells the listener when it is served, when it is deleted, and now and then while it stays unserved. */
  follow(listener: ObjectListener): () => void;
}

/**
 * Follows a CustomResourceDefinition by its metadata and asks discovery whether its kind is served. The schemas of a
 * release's definitions are megabytes, and a server that is busy establishing them would write them out three times
 * for whoever watches: when they are created, when their names are accepted and when they are established.
 */
export function followDefinition(options: {
  readonly client: Client;
  readonly clock: Clock;
  readonly watches: Watches;
  /** The resource of definitions. */
  readonly type: ResourceType;
  readonly applied: KubernetesObject;
  readonly signal: AbortSignal;
}): FollowedDefinition {
  const { client, clock, watches, type, applied, signal } = options;
  const { name } = applied.metadata;
  const resources = resourcesOfCrd(applied);
  // Of one that serves no version only its own conditions can tell.
  const canBeServed = resources.length > 0;
  const unserved = [...resources];
  const ask = async (): Promise<boolean> => {
    for (let next = unserved[0]; next; next = unserved[0]) {
      if (!(await client.serves(next, { signal }))) return false;
      unserved.shift();
    }
    return canBeServed;
  };

  return {
    isServed: () => canBeServed && unserved.length === 0,
    follow(listener) {
      let latest = applied;
      let pauseMs = firstPauseMs;
      let over = false;
      let asking = false;
      let changed = false;
      let cancel = () => {};
      const look = async (): Promise<void> => {
        changed = true;
        if (asking || over) return;
        asking = true;
        cancel();
        try {
          while (changed) {
            changed = false;
            if (await ask()) return over ? undefined : listener(latest);
          }
          if (pauseMs > slowMs && !over) listener(await client.get(type, { name }, { signal }));
        } catch {
          // Nothing is known now; it is asked again, until the waiting for the definition ends.
        } finally {
          asking = false;
        }
        if (over || signal.aborted) return;
        cancel = clock.schedule(pauseMs, () => void look());
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      };
      const unfollow = watches.followMetadata(type, { name }, (object) => {
        if (!object) return listener(undefined);
        latest = object;
        if (object.metadata.resourceVersion === applied.metadata.resourceVersion) return;
        pauseMs = firstPauseMs;
        void look();
      });
      cancel = clock.schedule(slowMs, () => void look());
      return () => {
        over = true;
        cancel();
        unfollow();
      };
    },
  };
}
