import {
  builtin,
  type Client,
  type Clock,
  formatDuration,
  isApiError,
  type KubernetesObject,
} from "@slipway/kubernetes";
import { isJsonObject, ProblemError } from "@slipway/yaml";
import type { Membership } from "./membership.ts";

/** Held while a run is under way, so that two runs on one cluster do not work against each other. */
export interface Lock {
  /** Aborts when the lock was lost to another run. */
  readonly lost: AbortSignal;
  /** Gives it back; never rejects, a lock that is not given back ends by itself. */
  release(): Promise<void>;
}

const leases = builtin("coordination.k8s.io", "Lease");

/** How long a run that gives no sign of life keeps others out. */
const validSeconds = 60;
const renewMs = 15_000;

/**
 * Takes the Lease beside the set's parent. Throws a ProblemError (`deploy/locked`) while another run holds it.
 * A holder that has not renewed it for a minute counts as dead.
 */
export async function acquireLock(options: {
  readonly client: Client;
  readonly clock: Clock;
  readonly membership: Membership;
  /** Who takes it: the run's name. */
  readonly holder: string;
}): Promise<Lock> {
  const { client, clock, membership, holder } = options;
  const ref = { name: membership.name, namespace: membership.namespace };
  let lease = await take(await readLease(client, ref), options);
  const losing = new AbortController();
  let cancel = () => {};
  let released = false;
  let renewing = Promise.resolve();

  const renew = async () => {
    try {
      lease = await client.update(leases, held(lease, holder, clock.now()));
    } catch (error) {
      // Only a conflict tells that someone else wrote it; whatever else may pass until the next try.
      if (isApiError(error, 409) || isApiError(error, 404)) {
        losing.abort(new Error("another run took over the deployment"));
        return;
      }
    }
    if (!released) schedule();
  };
  const schedule = () => {
    cancel = clock.schedule(renewMs, () => {
      renewing = renew();
    });
  };
  schedule();
  return {
    lost: losing.signal,
    async release() {
      released = true;
      cancel();
      await renewing;
      if (losing.signal.aborted) return;
      await client.update(leases, held(lease, "", clock.now())).catch(() => {});
    },
  };
}

/** Deletes the Lease of a set that is no more. */
export async function forgetLock(client: Client, { name, namespace }: Membership): Promise<void> {
  try {
    await client.delete(leases, { name, namespace });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

async function readLease(
  client: Client,
  ref: { name: string; namespace: string },
): Promise<KubernetesObject | undefined> {
  try {
    return await client.get(leases, ref);
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

async function take(
  found: KubernetesObject | undefined,
  { client, clock, membership, holder }: Parameters<typeof acquireLock>[0],
): Promise<KubernetesObject> {
  const now = clock.now();
  const other = found && holderOf(found);
  if (other && other.until > now) {
    throw new ProblemError({
      code: "deploy/locked",
      message: `another run, ${other.name}, is under way on this cluster`,
      object: `Lease/${membership.namespace}/${membership.name}`,
      next: `wait until it is done; if it is dead, the way is free in ${formatDuration(other.until - now)}`,
    });
  }
  const { name, namespace } = membership;
  const fresh = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name, namespace } };
  try {
    return found
      ? await client.update(leases, held(found, holder, now))
      : await client.create(leases, held(fresh, holder, now));
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
    // Somebody was quicker by a moment.
    return take(await readLease(client, { name, namespace }), { client, clock, membership, holder });
  }
}

function held(lease: KubernetesObject, holder: string, now: number): KubernetesObject {
  const renewTime = new Date(now).toISOString().replace("Z", "000Z");
  const spec = { holderIdentity: holder, leaseDurationSeconds: validSeconds, renewTime };
  return { ...lease, spec };
}

function holderOf({ spec }: KubernetesObject): { name: string; until: number } | undefined {
  if (!isJsonObject(spec) || typeof spec.holderIdentity !== "string" || spec.holderIdentity === "")
    return undefined;
  const renewed = Date.parse(String(spec.renewTime));
  const seconds = typeof spec.leaseDurationSeconds === "number" ? spec.leaseDurationSeconds : validSeconds;
  return { name: spec.holderIdentity, until: Number.isNaN(renewed) ? 0 : renewed + seconds * 1_000 };
}
