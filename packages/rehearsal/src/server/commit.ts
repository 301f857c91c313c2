// The way of every write into the store: admission, the kind's own rules, validation, optimistic concurrency.

import type { KubernetesObject } from "@slipway/kubernetes";
import { equalJson } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import type { ObjectKind } from "../admission/admission.ts";
import { asStored } from "../builtin/empty-values.ts";
import { sharePodLabels, sharesPodLabels } from "../builtin/strategy/job-selector.ts";
import { asRead } from "../builtin/strategy.ts";
import { randomSuffix, randomUuid } from "../clock/random.ts";
import { cloneJson } from "../store/immutable.ts";
import { storeKey } from "../store/store.ts";
import { mutateByAdmission, validateByAdmission } from "./admit.ts";
import { fillAppArmorFields } from "./app-armor-fields.ts";
import { type RequestContext, timestamp } from "./context.ts";
import { oneFromStorage, toStorage } from "./conversion.ts";
import { refuseEscalation } from "./escalation.ts";
import { prepareForCreate, prepareForUpdate } from "./object-rules.ts";
import { dropRepeatedOwners } from "./owner-references.ts";
import { checkVersion, checkVersionNumber, otherUid, refuseVersion } from "./preconditions.ts";
import { allocateServiceAddresses } from "./service-addresses.ts";
import { dropUnneeded } from "./service-needs.ts";
import type { StatusError } from "./status-error.ts";
import { alreadyExists, badRequest, forbidden, modified, notFound } from "./status-errors.ts";
import { validateObject } from "./validation/validate.ts";

/** How often a write that names no resourceVersion is made anew when another one came first. */
const MAX_ATTEMPTS = 10;

/** What a write is: the options that admission sees, and whether it is only tried. */
export interface CommitOptions {
  readonly options: JsonObject;
  readonly dryRun: boolean;
  /** The uid that the object must have before anything else is looked at. */
  readonly uid?: string | undefined;
  /** What admission sees in the place of the object. */
  readonly view?: AdmissionView;
}

/** A subresource that shows a part of an object as an object of its own. */
export interface AdmissionView {
  readonly kind: ObjectKind;
  of(object: KubernetesObject): KubernetesObject;
  /** The object with what the view says now. */
  into(object: KubernetesObject, view: KubernetesObject): KubernetesObject;
}

/** Kinds that a PUT creates where there is none (each strategy's AllowCreateOnUpdate). */
const createdByUpdate: ReadonlySet<string> = new Set([
  "node.k8s.io/runtimeclasses",
  "rbac.authorization.k8s.io/rolebindings",
  "rbac.authorization.k8s.io/clusterrolebindings",
  "rbac.authorization.k8s.io/roles",
  "rbac.authorization.k8s.io/clusterroles",
  "coordination.k8s.io/leases",
  "/limitranges",
  "/events",
  "/services",
  "/endpoints",
]);

/** Whether a PUT to the path of an absent object, or of its status, creates it. */
export function createsByUpdate({ type, info, server }: RequestContext): boolean {
  const { subresource } = info;
  if (!createdByUpdate.has(type.collection) || (subresource !== undefined && subresource !== "status")) {
    return false;
  }
  const key = storeKey(type.namespaced ? info.namespace : undefined, info.name ?? "");
  return server.store.get(type.collection, key) === undefined;
}

/**
 * Stores a new object, which is in the request's version and is changed on its way. `build` is called when it has
 * its name and uid, before admission: it records who owns its fields.
 */
export async function commitCreate(
  context: RequestContext,
  sent: KubernetesObject,
  { options, dryRun, uid, build }: CommitOptions & { readonly build: Build },
): Promise<KubernetesObject> {
  const { server, type, info } = context;
  const absent = { name: info.name ?? "", namespace: info.namespace, uid: "" };
  if (uid) throw otherUid(type, absent, uid, dryRun);
  if (type.custom?.object.metadata.deletionTimestamp) {
    const cause = "create not allowed while custom resource definition is terminating";
    throw forbidden(type, sent.metadata.name ?? "", cause);
  }
  fillSystemFields(context, sent);
  const built = await build(sent);
  const object = cloneJson(built);
  // A name that the server makes up comes after what changes objects, and before what only looks at them.
  const input = { operation: "CREATE", name: object.metadata.name ?? "", options, dryRun } as const;
  const draft = (await mutateByAdmission(context, { ...input, object })) ?? object;
  if (info.verb !== "create") checkVersionNumber(draft.metadata);
  if (type.namespaced && draft.metadata.namespace !== info.namespace) throw otherNamespace();
  dropRepeatedOwners(draft, { warnings: context.warnings, admitted: true });
  const { metadata } = draft;
  if (!metadata.name && metadata.generateName) {
    metadata.name = metadata.generateName.slice(0, 58) + randomSuffix(server.random);
  }
  const { name } = metadata;
  // The real server makes a copy of what it gives a name.
  if (input.name && sharesPodLabels(built)) sharePodLabels(draft);
  prepareForCreate(type, draft);
  if (type.collection === "/pods") context.warnings.push(...fillAppArmorFields(draft));
  if (type.collection === "certificates.k8s.io/certificatesigningrequests") nameRequester(context, draft);
  // Through its status a Service comes into being without addresses.
  if (type.collection === "/services" && !info.subresource) {
    allocateServiceAddresses(server, draft, undefined, dryRun);
  }
  validateObject(context, draft, undefined);
  const result = asStored(draft);
  await validateByAdmission(context, { ...input, object: result });
  refuseEscalation(context, result);
  if (info.verb === "create" && !dryRun) refuseVersion(result.metadata);
  const stored = await toStorage(server, type, result);
  const key = storeKey(type.namespaced ? metadata.namespace : undefined, name);
  const present = server.store.get(type.collection, key);
  if (present) throw alreadyExists(type, name, present.metadata.deletionTimestamp !== undefined);
  if (dryRun) return result;
  return oneFromStorage(server, type, server.store.put(type.collection, key, stored));
}

/** A signing request says who made it, whatever it says itself. */
function nameRequester({ request }: RequestContext, object: KubernetesObject): void {
  const { uid: _, extra: __, ...spec } = isJsonObject(object.spec) ? object.spec : {};
  const { name, groups, uid, extra } = request.user;
  const more = {
    ...(uid === undefined ? {} : { uid }),
    ...(extra === undefined ? {} : { extra: structuredClone(extra) as JsonObject }),
  };
  object.spec = { ...spec, username: name, groups: [...groups], ...more };
}

/** Namespace, uid and creation time, which the server gives before anybody else looks at the object. */
function fillSystemFields({ server, type, info }: RequestContext, { metadata }: KubernetesObject): void {
  const namespace = type.namespaced ? info.namespace : undefined;
  if (namespace === undefined) delete metadata.namespace;
  else if (metadata.namespace && metadata.namespace !== namespace) {
    throw otherNamespace();
  } else metadata.namespace = namespace;
  metadata.uid = randomUuid(server.random);
  metadata.creationTimestamp = timestamp(server.clock);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}

function otherNamespace(): StatusError {
  return badRequest("the namespace of the provided object does not match the namespace sent on the request");
}

/** What a write makes of the object that it starts from, which may not be changed; both in the request's version. */
export type Build = (live: KubernetesObject) => KubernetesObject | Promise<KubernetesObject>;

/**
 * Changes the object that the path names. `build` runs again when another write came in between, unless its
 * result carries a resourceVersion of its own (then it is a conflict). Returns what is stored afterwards.
 */
export async function commitUpdate(
  context: RequestContext,
  build: Build,
  commit: CommitOptions,
): Promise<KubernetesObject> {
  const { type, info, server } = context;
  const name = info.name ?? "";
  const key = storeKey(type.namespaced ? info.namespace : undefined, name);
  for (let attempt = 1; ; attempt++) {
    const stored = server.store.get(type.collection, key);
    if (!stored) throw notFound(type, name);
    if (commit.uid && commit.uid !== stored.metadata.uid) {
      throw otherUid(type, stored.metadata, commit.uid, commit.dryRun);
    }
    const live = await oneFromStorage(server, type, stored);
    const draft = cloneJson(await build(live));
    const result = await prepareUpdate(context, draft, live, commit);
    const next = asRead(await toStorage(server, type, result));
    // Between this look at the store and the write below nothing is awaited.
    if (server.store.get(type.collection, key) === stored) {
      return finishUpdate(context, key, stored, next, result, commit.dryRun);
    }
    if (attempt >= MAX_ATTEMPTS) throw modified(type, name);
  }
}

async function prepareUpdate(
  context: RequestContext,
  draft: KubernetesObject,
  live: KubernetesObject,
  { options, dryRun, view }: CommitOptions,
): Promise<KubernetesObject> {
  const { type, info } = context;
  const { name } = live.metadata;
  keepSystemFields(draft, live);
  const shown = (object: KubernetesObject) => (view ? view.of(object) : object);
  const objectKind = view ? { objectKind: view.kind } : {};
  const input = {
    operation: "UPDATE",
    name,
    oldObject: shown(live),
    options,
    dryRun,
    ...objectKind,
  } as const;
  const mutated = await mutateByAdmission(context, { ...input, object: shown(draft) });
  const admitted = !mutated ? draft : view ? view.into(draft, mutated) : mutated;
  dropRepeatedOwners(admitted, { warnings: context.warnings, admitted: true });
  checkVersion(type, admitted, live);
  const now = timestamp(context.server.clock);
  prepareForUpdate(type, admitted, live, { subresource: info.subresource, now });
  if (type.collection === "/services" && !info.subresource) {
    allocateServiceAddresses(context.server, admitted, live, dryRun);
    dropUnneeded(admitted, live);
  }
  validateObject(context, admitted, live);
  const result = asStored(admitted);
  await validateByAdmission(context, { ...input, object: shown(result) });
  refuseEscalation(context, result);
  return differsOnlyInTimes(result, live) ? { ...live, metadata: { ...live.metadata } } : result;
}

/**
 * Whether a write moved nothing but times in managedFields; such a write is none (apiserver
 * endpoints/handlers/fieldmanager, ignoreManagedFieldsTimestampsTransformer).
 */
function differsOnlyInTimes(next: KubernetesObject, live: KubernetesObject): boolean {
  if (!next.metadata.managedFields || !live.metadata.managedFields) return false;
  return equalJson(withoutTimes(next), withoutTimes(live));
}

function withoutTimes(object: KubernetesObject): KubernetesObject {
  const managedFields = (object.metadata.managedFields ?? []).map((entry) =>
    isJsonObject(entry) ? { ...entry, time: undefined } : entry,
  );
  const metadata = { ...object.metadata, resourceVersion: undefined, managedFields };
  return { ...object, metadata } as KubernetesObject;
}

/** What no update changes, whatever it says. */
function keepSystemFields({ metadata }: KubernetesObject, { metadata: old }: KubernetesObject): void {
  metadata.name ??= old.name;
  if (old.namespace === undefined) delete metadata.namespace;
  else metadata.namespace ??= old.namespace;
  if (!metadata.uid && old.uid) metadata.uid = old.uid;
  for (const field of [
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
  ] as const) {
    if (old[field] === undefined) delete metadata[field];
    else (metadata as JsonObject)[field] = old[field];
  }
}

function finishUpdate(
  { server, type }: RequestContext,
  key: string,
  stored: KubernetesObject,
  next: KubernetesObject,
  result: KubernetesObject,
  dryRun: boolean,
): KubernetesObject | Promise<KubernetesObject> {
  next.metadata.resourceVersion = stored.metadata.resourceVersion ?? "";
  const { deletionTimestamp, finalizers } = next.metadata;
  // A write that changes nothing makes no new revision.
  if (dryRun) return asRead(result);
  if (equalJson(next, stored)) return oneFromStorage(server, type, stored);
  if (deletionTimestamp && !finalizers?.length && isFinal(next)) {
    server.store.remove(type.collection, key, next);
    // Nothing is read from the store any more.
    return result;
  }
  return oneFromStorage(server, type, server.store.put(type.collection, key, next));
}

/** Whether an object under deletion waits for nothing more than its finalizers. */
function isFinal(object: KubernetesObject): boolean {
  const { deletionGracePeriodSeconds } = object.metadata;
  const spec = object.spec;
  const namespaceFinalizers =
    object.kind === "Namespace" && typeof spec === "object" && spec !== null && !Array.isArray(spec)
      ? spec.finalizers
      : undefined;
  if (Array.isArray(namespaceFinalizers) && namespaceFinalizers.length > 0) return false;
  return !deletionGracePeriodSeconds;
}
