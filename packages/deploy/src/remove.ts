import {
  type Client,
  type Clock,
  findBuiltin,
  formatDuration,
  formatIdentity,
  identify,
  isApiError,
  type KubernetesObject,
  type ResourceMapper,
  type ResourceType,
} from "@slipway/kubernetes";
import { type Problem, ProblemError } from "@slipway/yaml";
import { awaitGone } from "./await-gone.ts";
import { listForeignObjects } from "./foreign-objects.ts";
import { acquireLock, forgetLock, type Lock } from "./lock.ts";
import {
  forgetMembership,
  type Membership,
  membershipLabel,
  membershipOf,
  readMembership,
} from "./membership.ts";
import { patientClient } from "./patient-client.ts";
import { punctualClient } from "./punctual-client.ts";

/** What a removal says, in order. `object` is `Kind/namespace/name`. */
export type RemoveEvent =
  | { readonly type: "found"; readonly at: number; readonly objects: number }
  | { readonly type: "step"; readonly at: number; readonly step: string; readonly objects: number }
  | { readonly type: "deleting" | "gone"; readonly at: number; readonly object: string }
  | { readonly type: "waiting"; readonly at: number; readonly object: string; readonly message: string }
  | { readonly type: "kept"; readonly at: number; readonly object: string; readonly reason: string };

/** What a removal needs. */
export interface RemoveOptions {
  readonly client: Client;
  /** Must know the kinds of the cluster's custom resources: build it with what discovery found. */
  readonly mapper: ResourceMapper;
  readonly clock: Clock;
  readonly emit: (event: RemoveEvent) => void;
  /** The run's name, under which it keeps other runs out ("down"). */
  readonly run?: string;
  readonly signal?: AbortSignal;
  /** So long without any object of a kind going is too long (120 s). */
  readonly timeoutMs?: number;
  /** Deletes at a time (8). */
  readonly concurrency?: number;
  readonly membership?: Membership;
  /** Also delete definitions that still have objects which this set did not make, and those objects with them. */
  readonly withForeignObjects?: boolean;
}

/** The end of a removal. */
export interface RemoveSummary {
  readonly durationMs: number;
  readonly deleted: number;
  readonly kept: number;
  readonly errors: readonly Problem[];
}

/** The annotation that keeps an object from being removed: `slipway.dev/keep: "true"`. */
export const keepAnnotation = "slipway.dev/keep";

interface Member {
  readonly object: KubernetesObject;
  readonly type: ResourceType;
  readonly name: string;
}

/**
 * The reverse of a deployment, step by step: each step's objects are gone before the next begins. Custom
 * resources go while their controllers and webhooks still work, because only those take their finalizers off;
 * then nothing must be called any more, so webhook configurations go before the pods behind them.
 */
const steps: readonly { readonly name: string; readonly includes: (member: Member) => boolean }[] = [
  { name: "custom resources", includes: ({ type }) => isCustom(type) },
  {
    name: "webhooks and aggregated APIs",
    includes: ({ type }) => ["admissionregistration.k8s.io", "apiregistration.k8s.io"].includes(type.group),
  },
  {
    name: "workloads",
    includes: ({ type }) => ["apps", "batch", "autoscaling", "policy"].includes(type.group),
  },
  {
    name: "services, configuration and rights",
    includes: ({ type }) => !["CustomResourceDefinition", "Namespace"].includes(type.kind),
  },
  { name: "definitions", includes: ({ type }) => type.kind === "CustomResourceDefinition" },
  { name: "namespaces", includes: () => true },
];

/**
 * Deletes what a deployment made: the objects that carry its membership label, and no others. Resolves when
 * all are gone; objects that did not go in time are errors in the summary, and the steps after them are not
 * begun. Rejects with a ProblemError when the set belongs to another tool, with the signal's reason when that
 * aborts, and with what `emit` throws.
 */
export async function remove(given: RemoveOptions): Promise<RemoveSummary> {
  const client = patientClient(punctualClient(given.client, given.clock), given);
  const membership = given.membership ?? membershipOf();
  let lock: Lock | undefined;
  try {
    lock = await acquireLock({ client, clock: given.clock, membership, holder: given.run ?? "down" });
    const signal = given.signal ? AbortSignal.any([given.signal, lock.lost]) : lock.lost;
    const options = { ...given, client, signal };
    const summary = await removeMembers(options, membership);
    if (summary.errors.length === 0 && summary.kept === 0) {
      await lock.release();
      await forgetLock(client, membership);
    }
    return summary;
  } catch (error) {
    if (!isApiError(error)) throw error;
    const message = `the cluster does not let the deployment be read: ${error.message}`;
    throw new ProblemError({ code: "remove/refused", message }, { cause: error });
  } finally {
    await lock?.release();
  }
}

async function removeMembers(options: RemoveOptions, membership: Membership): Promise<RemoveSummary> {
  const { client, clock, emit } = options;
  const startedAt = clock.now();
  const errors: Problem[] = [];
  let deleted = 0;
  let kept = 0;
  const keep = (object: string, reason: string) => {
    kept += 1;
    emit({ type: "kept", at: clock.now(), object, reason });
  };

  const recorded = await readMembership(client, membership);
  const members = await listMembers(options, membership, recorded?.groupKinds ?? []);
  emit({ type: "found", at: clock.now(), objects: members.length });
  const memberUids = new Set(members.flatMap(({ object }) => object.metadata.uid ?? []));
  let left: readonly Member[] = members;
  for (const step of steps) {
    const now = left.filter(step.includes);
    left = left.filter((member) => !step.includes(member));
    if (now.length === 0 || errors.length > 0) continue;
    emit({ type: "step", at: clock.now(), step: step.name, objects: now.length });
    const going: Member[] = [];
    for (const member of now) {
      const reason = await reasonToKeep(member, options, { membership, memberUids });
      if (reason) keep(member.name, reason);
      else going.push(member);
    }
    const asked: Member[] = [];
    await forEach(going, options.concurrency ?? 8, async (member) => {
      options.signal?.throwIfAborted();
      const problem = await askToGo(member, options);
      if (problem) errors.push(problem);
      else asked.push(member);
    });
    const stuck = await awaitMembersGone(asked, options, membership);
    errors.push(...stuck);
    deleted += asked.length - stuck.length;
  }
  if (errors.length === 0 && kept === 0 && recorded) await forgetMembership(client, membership);
  return { durationMs: clock.now() - startedAt, deleted, kept, errors };
}

async function listMembers(
  { client, mapper, signal }: RemoveOptions,
  membership: Membership,
  groupKinds: readonly { readonly group: string; readonly kind: string }[],
): Promise<Member[]> {
  const members: Member[] = [];
  for (const { group, kind } of groupKinds) {
    const type = mapper.find(group, kind);
    // A kind that is no longer served has no objects left.
    if (!type) continue;
    try {
      const labelSelector = `${membershipLabel}=${membership.id}`;
      const { items } = await client.list(type, { labelSelector, ...(signal ? { signal } : {}) });
      for (const object of items) members.push({ object, type, name: formatIdentity(identify(object)) });
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
  }
  return members;
}

async function reasonToKeep(
  { object }: Member,
  { client, mapper, withForeignObjects }: RemoveOptions,
  { membership, memberUids }: { readonly membership: Membership; readonly memberUids: ReadonlySet<string> },
): Promise<string | undefined> {
  if (object.metadata.annotations?.[keepAnnotation] === "true") return `it is marked ${keepAnnotation}`;
  if (object.kind !== "CustomResourceDefinition" || withForeignObjects) return undefined;
  const { group, names } = object.spec as { group: string; names: { kind: string } };
  const type = mapper.find(group, names.kind);
  if (!type) return undefined;
  try {
    const items = await listForeignObjects({ client, type, membership, memberUids });
    const [first] = items;
    if (!first) return undefined;
    return `${items.length === 1 ? "1 object" : `${items.length} objects`} of this kind are not Slipway's, for instance ${formatIdentity(identify(first))}`;
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

async function askToGo({ object, type, name }: Member, options: RemoveOptions): Promise<Problem | undefined> {
  const { uid, namespace } = object.metadata;
  options.emit({ type: "deleting", at: options.clock.now(), object: name });
  try {
    // The uid makes sure that it is still the object that was found.
    await options.client.delete(
      type,
      { name: object.metadata.name, ...(namespace ? { namespace } : {}) },
      { propagationPolicy: "Background", ...(uid ? { preconditions: { uid } } : {}) },
    );
  } catch (error) {
    if (!isApiError(error)) throw error;
    if (error.code !== 404 && error.code !== 409) {
      return { code: "remove/refused", message: `${name} cannot be deleted: ${error.message}`, object: name };
    }
  }
  return undefined;
}

/** Waits for all at once, with one watch for each resource; returns a problem for each that stayed. */
async function awaitMembersGone(
  members: readonly Member[],
  options: RemoveOptions,
  membership: Membership,
): Promise<Problem[]> {
  const { client, clock, emit, signal } = options;
  const timeoutMs = options.timeoutMs ?? 120_000;
  const names = new Map(members.map(({ object, name }) => [object, name]));
  const nameOf = (object: KubernetesObject) => names.get(object) ?? object.metadata.name;
  const waits = [...Map.groupBy(members, ({ type }) => type)].map(([type, ofType]) =>
    awaitGone({
      client,
      clock,
      type,
      objects: ofType.map(({ object }) => object),
      selection: { labelSelector: `${membershipLabel}=${membership.id}` },
      timeoutMs,
      ...(signal ? { signal } : {}),
      onGone: (object) => emit({ type: "gone", at: clock.now(), object: nameOf(object) }),
      onHeld: (object, message) =>
        emit({ type: "waiting", at: clock.now(), object: nameOf(object), message }),
    }),
  );
  const stayed = (await Promise.all(waits)).flatMap((left) => [...left]);
  return stayed.map(([object, held]) => ({
    code: "remove/stuck",
    message: `${nameOf(object)} is not gone after ${formatDuration(timeoutMs)}: ${held}`,
    object: nameOf(object),
    next: "look at what holds it, then run the command again",
  }));
}

function isCustom({ group, kind }: ResourceType): boolean {
  return !findBuiltin(group, kind);
}

async function forEach<T>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
