// Removes the objects of a CustomResourceDefinition that goes away, then the definition
// (apiextensions-apiserver pkg/controller/finalizer).
import type { KubernetesObject } from "@slipway/kubernetes";
import { condition, conditionsOf, mergeConditions } from "../conditions.ts";
import { type ServerContext, timestamp } from "../context.ts";
import { putStatus } from "../own-writes.ts";
import { collectionOf, definitions } from "./definition.ts";

/** Holds a definition back until its objects are gone. */
export const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** A definition at its first deletion, whatever its way to be propagated (registry/customresourcedefinition). */
export function terminateDefinition(object: KubernetesObject, now: string): KubernetesObject {
  const { metadata } = object;
  const finalizers = [...(metadata.finalizers ?? [])];
  if (!finalizers.includes(cleanupFinalizer)) finalizers.push(cleanupFinalizer);
  const message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
  const pending = condition("Terminating", "True", "InstanceDeletionPending", message, now);
  const conditions = mergeConditions(conditionsOf(object), [pending]);
  return {
    ...object,
    metadata: { ...metadata, finalizers, deletionTimestamp: now },
    status: { ...(object.status as object), conditions },
  };
}

/** Watches definitions for as long as the server runs and cleans up after those that are deleted. */
export function cleanUpDefinitions(server: ServerContext): void {
  const cleaning = new Set<string>();
  server.store.subscribe(definitions, ({ type, key, object }) => {
    if (type === "DELETED" || !object.metadata.deletionTimestamp || cleaning.has(key)) return;
    if (!object.metadata.finalizers?.includes(cleanupFinalizer)) return;
    cleaning.add(key);
    // Not within the write that brought the event: whoever deleted it gets its answer first.
    queueMicrotask(() => cleanUp(server, key, object, () => cleaning.delete(key)));
  });
}

function cleanUp(server: ServerContext, key: string, definition: KubernetesObject, done: () => void): void {
  const collection = collectionOf(definition);
  const message = "CustomResource deletion is in progress";
  setTerminating(server, key, "True", "InstanceDeletionInProgress", message);
  const unsubscribe = server.store.subscribe(collection, ({ type }) => {
    if (type === "DELETED") finishWhenEmpty();
  });
  let finished = false;

  function finishWhenEmpty(): void {
    if (finished || server.store.snapshot(collection).entries.length > 0) return;
    finished = true;
    unsubscribe();
    done();
    setTerminating(server, key, "False", "InstanceDeletionCompleted", "removed all instances");
    release(server, key);
  }

  for (const [name, object] of server.store.snapshot(collection).entries)
    deleteInstance(server, collection, name, object);
  finishWhenEmpty();
}

function deleteInstance(
  server: ServerContext,
  collection: string,
  key: string,
  object: KubernetesObject,
): void {
  if (object.metadata.deletionTimestamp) return;
  if (!object.metadata.finalizers?.length) {
    server.store.remove(collection, key);
    return;
  }
  const { generation = 0 } = object.metadata;
  server.store.put(collection, key, {
    ...object,
    metadata: {
      ...object.metadata,
      generation: generation + 1,
      deletionTimestamp: timestamp(server.clock),
      deletionGracePeriodSeconds: 0,
    },
  });
}

function setTerminating(
  server: ServerContext,
  key: string,
  status: "True" | "False",
  reason: string,
  message: string,
): void {
  const object = server.store.get(definitions, key);
  if (!object) return;
  const conditions = mergeConditions(conditionsOf(object), [
    condition("Terminating", status, reason, message, timestamp(server.clock)),
  ]);
  putStatus(server, object, { ...(object.status as object), conditions }, { collection: definitions });
}

function release(server: ServerContext, key: string): void {
  const object = server.store.get(definitions, key);
  if (!object) return;
  const finalizers = (object.metadata.finalizers ?? []).filter((name) => name !== cleanupFinalizer);
  const next = { ...object, metadata: { ...object.metadata, finalizers } };
  if (finalizers.length === 0) server.store.remove(definitions, key, next);
  else server.store.put(definitions, key, next);
}
