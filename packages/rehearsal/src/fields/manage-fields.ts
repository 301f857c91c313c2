// Field management: who owns what after an apply, an update or a patch (KEP-555).
import { equalJson, type KubernetesObject, type Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { StatusError } from "../server/status-error.ts";
import { type Conflict, conflictError } from "./conflict.ts";
import { emptyObject } from "./empty-object.ts";
import {
  emptyFieldSet,
  type FieldSet,
  intersectFieldSets,
  isEmptyFieldSet,
  subtractFieldSet,
  unionFieldSets,
} from "./field-set.ts";
import { fieldsAppliedByClient, kubectlManager, updateAnnotation } from "./last-applied.ts";
import {
  capUpdateManagers,
  decodeManagedFields,
  type ManagedEntries,
  type ManagedEntry,
  managerId,
  withManagedFields,
} from "./managed-entries.ts";
import { pruneRemovedFields } from "./prune-removed.ts";
import { type Comparison, compareTyped } from "./typed/compare.ts";
import { mergeTyped } from "./typed/merge.ts";
import { toFieldSet } from "./typed/to-field-set.ts";
import { validateTyped } from "./typed/validate.ts";
import { changesWithoutReset, withoutReset, withoutUnowned } from "./unowned-fields.ts";

/** Who writes, when, and how the object is typed. */
export interface FieldManagement {
  readonly manager: string;
  /** Time of the write, RFC 3339 in UTC without fractions: `2026-11-21T10:52:24Z`. */
  readonly time: string;
  /** Schema of the whole object, in the version that the request uses. */
  readonly schema: Schema;
  readonly subresource?: "status" | "scale" | undefined;
  /** Paths that this endpoint resets and nobody gets to own through it, for instance `[["status"]]`. */
  readonly resetFields?: readonly (readonly string[])[];
}

/**
 * Server-side apply (KEP-555): merges `applied` into `live` (undefined when it does not exist yet) and returns the
 * new object with its `metadata.managedFields`, before defaulting and admission. Throws StatusError: 409 with all
 * conflicts unless `force`, 400 or 500 with the server's text when the object cannot be applied. Inputs are not
 * changed; the result shares parts with them.
 */
export function applyConfiguration(
  live: KubernetesObject | undefined,
  applied: KubernetesObject,
  options: FieldManagement & { readonly force: boolean },
): KubernetesObject {
  const { schema } = options;
  // What cannot be read as such entries is told of by the check of types.
  const owners: Json | undefined = (applied.metadata as JsonObject).managedFields;
  if (Array.isArray(owners) && owners.every(isJsonObject)) {
    throw new StatusError(400, "BadRequest", "metadata.managedFields must be nil");
  }
  checkTyped(applied, schema);

  const old = live ? withoutManagedFields(live) : startOf(applied, schema);
  const entries = live ? entriesBeforeApply(live, old, options) : new Map();
  const self = entryFor("Apply", applied.apiVersion, options);
  const id = managerId(self);
  const last = entries.get(id);

  const applyingSet = withoutReset(toFieldSet(applied, schema), options.resetFields);
  const merged = (mergeTyped(old, applied, schema) ?? {}) as KubernetesObject;
  entries.set(id, { ...self, set: applyingSet });
  const owned = unionOf(entries);
  const next = pruneRemovedFields(merged, schema, { last: last?.set ?? emptyFieldSet, owned });
  const isClient = options.manager === kubectlManager;
  const free = isClient && live ? fieldsAppliedByClient(old, schema) : emptyFieldSet;
  const changes = changesWithoutReset(compareTyped(old, next, schema), options.resetFields);
  settleOthers(entries, changes, { self: id, force: options.force, free });

  const unchanged = live !== undefined && equalJson(old, next);
  const entry = entries.get(id);
  if (entry) entries.set(id, { ...entry, time: unchanged ? last?.time : options.time });
  stripMetadata(entries, id);
  const result = withManagedFields(unchanged ? old : (next as KubernetesObject), entries);
  return isClient ? updateAnnotation(result, applied) : result;
}

/**
 * A create, update or patch (operation `Update`): returns `next` with the managedFields that follow from what
 * it changes in `live` (undefined on create). Call it after defaulting and before admission. At most ten update
 * managers are kept; older ones become `ancient-changes`.
 */
export function recordUpdate(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  options: FieldManagement,
): KubernetesObject {
  const entries = entriesOfRequest(live, next, options);
  const object = withoutManagedFields(next);
  // An object that was never tracked stays so until its first apply.
  if (entries.size === 0 && live) return object;
  const old = live ? withoutManagedFields(live) : startOf(next, options.schema);
  return withManagedFields(object, trackUpdate(entries, old, object, options));
}

function trackUpdate(
  entries: ManagedEntries,
  old: KubernetesObject,
  next: KubernetesObject,
  options: FieldManagement,
): ManagedEntries {
  const self = entryFor("Update", next.apiVersion, options);
  const id = managerId(self);
  const changes = compareTyped(old, next, options.schema);
  settleOthers(entries, changesWithoutReset(changes, options.resetFields), { force: true });
  const taken = withoutReset(unionFieldSets(changes.modified, changes.added), options.resetFields);
  if (!isEmptyFieldSet(taken)) {
    const before = entries.get(id)?.set ?? emptyFieldSet;
    entries.set(id, { ...self, set: unionFieldSets(taken, before), time: options.time });
    stripMetadata(entries, id);
  }
  return capUpdateManagers(entries);
}

/** How a change is settled with the managers that it concerns. */
interface Settlement {
  /** Id of the manager that writes, when its own entry is not to be touched. */
  readonly self?: string;
  readonly force: boolean;
  /** Paths that may be taken without force. */
  readonly free?: FieldSet;
}

/** Takes from the other managers what changed; refuses when that would be a conflict and is not forced. */
function settleOthers(entries: ManagedEntries, changes: Comparison, settlement: Settlement): void {
  const { self, force, free = emptyFieldSet } = settlement;
  const written = unionFieldSets(changes.modified, changes.added);
  const conflicts: Conflict[] = [];
  for (const [id, entry] of entries) {
    const set = id === self ? emptyFieldSet : subtractFieldSet(intersectFieldSets(entry.set, written), free);
    if (!isEmptyFieldSet(set)) conflicts.push({ entry, set });
  }
  if (!force && conflicts.length > 0) throw conflictError(conflicts);
  const lost = unionFieldSets(written, changes.removed);
  for (const [id, entry] of [...entries]) {
    const set = id === self ? entry.set : subtractFieldSet(entry.set, lost);
    if (isEmptyFieldSet(set)) entries.delete(id);
    else entries.set(id, { ...entry, set });
  }
}

/** The entries of a live object; what was there before its first apply belongs to `before-first-apply`. */
function entriesBeforeApply(
  live: KubernetesObject,
  old: KubernetesObject,
  options: FieldManagement,
): ManagedEntries {
  const entries = decodeManagedFields(live.metadata.managedFields) ?? new Map();
  if (entries.size > 0) return entries;
  return trackUpdate(entries, startOf(live, options.schema), old, {
    ...options,
    manager: "before-first-apply",
  });
}

/**
 * A writer may set managedFields itself (an empty list or one empty entry resets them), but not through a subresource; what does
 * not decode counts as absent.
 */
function entriesOfRequest(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  options: FieldManagement,
): ManagedEntries {
  const stored = decodeManagedFields(live?.metadata.managedFields) ?? new Map();
  const sent = next.metadata.managedFields;
  if (options.subresource || !sent) return stored;
  const [first] = sent;
  const saysNothing = isJsonObject(first) && Object.keys(first).length === 0;
  if (sent.length === 0 || (sent.length === 1 && saysNothing)) return new Map();
  const decoded = decodeManagedFields(sent);
  return decoded && decoded.size > 0 ? decoded : stored;
}

function entryFor(operation: "Apply" | "Update", apiVersion: string, options: FieldManagement): ManagedEntry {
  return {
    manager: options.manager || "unknown",
    operation,
    apiVersion,
    subresource: options.subresource ?? "",
    time: options.time,
    set: emptyFieldSet,
  };
}

function stripMetadata(entries: ManagedEntries, id: string): void {
  const entry = entries.get(id);
  if (!entry) return;
  const set = withoutUnowned(entry.set);
  if (isEmptyFieldSet(set)) entries.delete(id);
  else entries.set(id, { ...entry, set });
}

function unionOf(entries: ManagedEntries): FieldSet {
  let union = emptyFieldSet;
  for (const entry of entries.values()) union = unionFieldSets(union, entry.set);
  return union;
}

function withoutManagedFields(object: KubernetesObject): KubernetesObject {
  if (!object.metadata.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubernetesObject["metadata"] };
}

function startOf(object: KubernetesObject, schema: Schema): KubernetesObject {
  const { apiVersion, kind } = object;
  return { ...(emptyObject(schema) as JsonObject), apiVersion, kind } as KubernetesObject;
}

function checkTyped(applied: KubernetesObject, schema: Schema): void {
  const errors = validateTyped(applied, schema);
  if (errors.length === 0) return;
  const text =
    errors.length === 1 ? errors[0] : ["errors:", ...errors.map((error) => `  ${error}`)].join("\n");
  // What is no text is no name.
  const [name, namespace] = (["name", "namespace"] as const).map((field) => {
    const value: Json | undefined = applied.metadata[field];
    return typeof value === "string" ? value : "";
  });
  const slash = applied.apiVersion.includes("/") ? applied.apiVersion : `/${applied.apiVersion}`;
  throw new StatusError(
    500,
    "",
    `failed to create typed patch object (${namespace}/${name}; ${slash}, Kind=${applied.kind}): ${text}`,
  );
}
