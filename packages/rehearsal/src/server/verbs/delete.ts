import type { FieldError, KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { storeKey } from "../../store/store.ts";
import { mutateByAdmission, validateByAdmission } from "../admit.ts";
import { answerJson, answerList } from "../answers.ts";
import { asRead } from "../as-read.ts";
import { parseDeleteOptions } from "../body.ts";
import { type RequestContext, requireName, timestamp } from "../context.ts";
import { fromStorage, oneFromStorage } from "../conversion.ts";
import { terminateDefinition } from "../crd/cleanup.ts";
import { definitions } from "../crd/definition.ts";
import { invalidValue, unsupportedValue } from "../field-error.ts";
import { apiVersionOf } from "../registry.ts";
import type { ApiAnswer } from "../request.ts";
import { conflict, invalid, notFound } from "../status-errors.ts";
import { answerObject, answerStored } from "./get.ts";
import { selectPage } from "./list.ts";

/** Kinds whose deletion is answered with the object instead of a Status (each registry's `ReturnDeletedObject`). */
const returnsObject: ReadonlySet<string> = new Set([
  "/pods",
  "/services",
  "/serviceaccounts",
  "/podtemplates",
  "/persistentvolumes",
  "/persistentvolumeclaims",
  "/resourcequotas",
  "resource.k8s.io/deviceclasses",
  "resource.k8s.io/resourceclaims",
  "resource.k8s.io/resourceclaimtemplates",
  "resource.k8s.io/resourceslices",
  "storage.k8s.io/csidrivers",
  "storage.k8s.io/csinodes",
  "storage.k8s.io/storageclasses",
  "storage.k8s.io/volumeattachments",
  "storage.k8s.io/volumeattributesclasses",
]);

/** DELETE of one object. */
export async function deleteNamed(context: RequestContext): Promise<ApiAnswer> {
  const name = requireName(context.info);
  const { server, type } = context;
  const options = parseDeleteOptions(context);
  checkDeleteOptions(options);
  warnOfOrphans(context, options);
  const { object, gone } = await deleteObject(context, name, options);
  if (!gone || returnsObject.has(type.collection)) {
    // What is only marked is answered before it is made up for readers.
    const answer = gone ? answerObject : answerStored;
    return answer(context, 200, await oneFromStorage(server, type, object));
  }
  const details = {
    name,
    ...(type.group ? { group: type.group } : {}),
    kind: type.resource,
    uid: object.metadata.uid ?? "",
  };
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  return answerJson(200, status, context.warnings);
}

/** Kinds whose dependents stay unless the deletion says otherwise (DefaultGarbageCollectionPolicy). */
const orphaning = ["batch/jobs", "/replicationcontrollers"];

function warnOfOrphans({ type, warnings }: RequestContext, options: JsonObject): void {
  const { propagationPolicy, orphanDependents } = options;
  if (type.collection !== "batch/jobs" || propagationPolicy || typeof orphanDependents === "boolean") return;
  warnings.push(
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  );
}

/** DELETE of a collection: of each object that the selectors and the limit cover. */
export async function deleteCollection(context: RequestContext): Promise<ApiAnswer> {
  const { server, type, info } = context;
  // What is chosen is read before how it is to go, and advised about only when it can be.
  const { objects, metadata } = selectPage(context);
  const options = parseDeleteOptions(context);
  checkDeleteOptions(options);
  warnOfOrphans(context, options);
  const deleted: KubernetesObject[] = [];
  for (const object of objects) {
    const { name, namespace } = object.metadata;
    const one = { ...context, info: { ...info, namespace, name } };
    try {
      deleted.push((await deleteObject(one, name, options)).object);
    } catch (error) {
      // Somebody else deleted it since the list was made: that is what was wanted.
      if (!(error instanceof Error && "code" in error && error.code === 404)) throw error;
    }
  }
  return answerList(
    { apiVersion: apiVersionOf(type), kind: `${type.kind}List`, metadata },
    (await fromStorage(server, type, deleted)).map((object) => asRead(context, object)),
    context.warnings,
  );
}

/** What a deletion left: the object in its last state, and whether it is gone from the store. */
interface Deletion {
  readonly object: KubernetesObject;
  readonly gone: boolean;
}

async function deleteObject(context: RequestContext, name: string, options: JsonObject): Promise<Deletion> {
  const { server, type, info } = context;
  const key = storeKey(type.namespaced ? info.namespace : undefined, name);
  const dryRun = Array.isArray(options.dryRun) && options.dryRun.length > 0;
  for (;;) {
    const stored = server.store.get(type.collection, key);
    if (!stored) throw notFound(type, name);
    checkPreconditions(context, stored, options.preconditions);
    const oldObject = await oneFromStorage(server, type, stored);
    const input = {
      operation: "DELETE",
      // Whoever deletes a collection names none of its objects.
      name: info.verb === "deletecollection" ? "" : name,
      oldObject,
      options: { kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1", ...options },
      dryRun,
    } as const;
    await mutateByAdmission(context, input);
    await validateByAdmission(context, input);
    // Somebody changed it while admission thought: look again.
    if (server.store.get(type.collection, key) !== stored) continue;
    const next = markDeleted(context, stored, options);
    const last = type.collection === "/pods" ? stoppedPod(context, stored) : stored;
    if (dryRun) return { object: next ?? last, gone: next === undefined };
    if (next === undefined) {
      return { object: server.store.remove(type.collection, key, last) ?? stored, gone: true };
    }
    return { object: next === stored ? stored : server.store.put(type.collection, key, next), gone: false };
  }
}

/**
 * The object as it stands while it goes away, or undefined when nothing holds it back (apiserver registry/rest
 * BeforeDelete and Store.Delete).
 */
function markDeleted(
  { server, type }: RequestContext,
  stored: KubernetesObject,
  options: JsonObject,
): KubernetesObject | undefined {
  if (type.collection === definitions && !stored.metadata.deletionTimestamp) {
    return terminateDefinition(stored, timestamp(server.clock));
  }
  const orphans = orphaning.includes(type.collection);
  const finalizers = withPropagation(stored.metadata.finalizers ?? [], options, orphans);
  const grace = gracePeriodOf(stored, options);
  const isNamespace = type.collection === "/namespaces";
  if (finalizers.length === 0 && grace === 0 && !isNamespace) return undefined;
  const { metadata } = stored;
  if (metadata.deletionTimestamp) {
    // A definition is marked without a grace period, which the next deletion then gives it.
    const shorter = grace < (metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY);
    if (grace === 0 && finalizers.length === 0) return undefined;
    const before = new Set(metadata.finalizers ?? []);
    const sameFinalizers =
      before.size === new Set(finalizers).size && finalizers.every((name) => before.has(name));
    const unchanged = sameFinalizers && !shorter;
    if (unchanged) return stored;
    return {
      ...stored,
      metadata: {
        ...metadata,
        ...(finalizers.length > 0 ? { finalizers } : {}),
        ...(shorter ? { deletionGracePeriodSeconds: grace } : {}),
      },
    };
  }
  const deletionTimestamp = timestamp({ ...server.clock, now: () => server.clock.now() + grace * 1000 });
  return {
    ...stored,
    metadata: {
      ...metadata,
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ...(metadata.generation === undefined ? {} : { generation: metadata.generation + 1 }),
      deletionTimestamp,
      deletionGracePeriodSeconds: grace,
    },
    ...(isNamespace
      ? { status: { ...(isJsonObject(stored.status) ? stored.status : {}), phase: "Terminating" } }
      : {}),
  };
}

/** A pod's last state says that it was not waited for. */
function stoppedPod({ server }: RequestContext, pod: KubernetesObject): KubernetesObject {
  const deletionTimestamp = pod.metadata.deletionTimestamp ?? timestamp(server.clock);
  const { generation = 0 } = pod.metadata;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(pod.metadata.deletionTimestamp || generation === 0 ? {} : { generation: generation + 1 }),
      deletionTimestamp,
      deletionGracePeriodSeconds: 0,
    },
  };
}

/** How long a pod may take to stop; everything else goes at once. */
function gracePeriodOf(object: KubernetesObject, options: JsonObject): number {
  if (object.kind !== "Pod" || object.apiVersion !== "v1") return 0;
  const spec = isJsonObject(object.spec) ? object.spec : {};
  const status = isJsonObject(object.status) ? object.status : {};
  // Nobody has to stop what was never bound to a node, or what has ended.
  if (!spec.nodeName || status.phase === "Failed" || status.phase === "Succeeded") return 0;
  const asked = options.gracePeriodSeconds;
  if (typeof asked === "number" && asked >= 0) return asked;
  return typeof spec.terminationGracePeriodSeconds === "number" ? spec.terminationGracePeriodSeconds : 30;
}

/** apimachinery meta/v1/validation ValidateDeleteOptions. */
function checkDeleteOptions(options: JsonObject): void {
  const refuse = (error: FieldError) => invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", [error]);
  const { propagationPolicy: policy, dryRun } = options;
  if (policy && options.orphanDependents !== undefined) {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    throw refuse(invalidValue("propagationPolicy", policy, detail));
  }
  const policies = ["Foreground", "Background", "Orphan", "nil"];
  if (policy && (policy === "nil" || !policies.includes(String(policy)))) {
    throw refuse(unsupportedValue("propagationPolicy", policy, policies));
  }
  if (Array.isArray(dryRun) && dryRun.some((value) => value !== "All")) {
    throw refuse(unsupportedValue("dryRun", dryRun, ["All"]));
  }
}

/** The finalizers of a deletion; `orphans` is what happens to dependents when nobody says anything. */
function withPropagation(finalizers: readonly string[], options: JsonObject, orphans: boolean): string[] {
  const isPropagation = (name: string) => name === "foregroundDeletion" || name === "orphan";
  const { propagationPolicy, orphanDependents } = options;
  const asked =
    propagationPolicy ??
    (orphanDependents === true ? "Orphan" : orphanDependents === false ? "Background" : undefined);
  const policy = asked ?? (orphans && !finalizers.some(isPropagation) ? "Orphan" : undefined);
  if (policy === undefined) return [...finalizers];
  const rest = finalizers.filter((name) => !isPropagation(name));
  if (policy === "Foreground") return [...rest, "foregroundDeletion"];
  if (policy === "Orphan") return [...rest, "orphan"];
  return rest;
}

function checkPreconditions(
  { type }: RequestContext,
  { metadata }: KubernetesObject,
  preconditions: JsonObject[string],
): void {
  if (!isJsonObject(preconditions)) return;
  const { uid, resourceVersion } = preconditions;
  if (type.collection === definitions) {
    const [what, asked, found] =
      uid !== undefined && uid !== null && uid !== metadata.uid
        ? ["UID", uid, metadata.uid]
        : ["ResourceVersion", resourceVersion, metadata.resourceVersion];
    if (asked === undefined || asked === null || asked === found) return;
    const cause = `Precondition failed: ${what} in precondition: ${asked}, ${what} in object meta: ${found}`;
    throw conflict(type, metadata.name, cause);
  }
  // The real server names the kind here, where all other conflicts name the resource.
  const named = { group: type.group, resource: type.kind };
  if (uid !== undefined && uid !== null && uid !== metadata.uid) {
    throw conflict(
      named,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== null &&
    resourceVersion !== metadata.resourceVersion
  ) {
    throw conflict(
      named,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
