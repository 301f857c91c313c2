// metadata.managedFields, decoded: who owns which paths (KEP-555; apimachinery managedfields/internal).
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { type FieldSet, unionFieldSets } from "./field-set.ts";
import { decodeFieldsV1, encodeFieldsV1 } from "./fields-v1.ts";

/** One manager's entry. */
export interface ManagedEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly set: FieldSet;
}

/** Entries by {@link managerId}. */
export type ManagedEntries = Map<string, ManagedEntry>;

/** What makes two entries the same one: for an applier its name, for an updater the version it used as well. */
export function managerId(
  entry: Pick<ManagedEntry, "manager" | "operation" | "apiVersion" | "subresource">,
): string {
  const version = entry.operation === "Apply" ? "" : entry.apiVersion;
  return JSON.stringify([entry.manager, entry.operation, version, entry.subresource]);
}

/** Reads managedFields; undefined when an entry is not well-formed. */
export function decodeManagedFields(fields: readonly Json[] | undefined): ManagedEntries | undefined {
  const entries: ManagedEntries = new Map();
  for (const source of fields ?? []) {
    const entry = isJsonObject(source) ? decodeEntry(source) : undefined;
    if (!entry) return undefined;
    entries.set(managerId(entry), entry);
  }
  return entries;
}

function decodeEntry(source: JsonObject): ManagedEntry | undefined {
  const { operation, apiVersion, fieldsType, fieldsV1 = {} } = source;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof apiVersion !== "string" || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const set = decodeFieldsV1(fieldsV1);
  if (!set) return undefined;
  return {
    manager: typeof source.manager === "string" ? source.manager : "",
    operation,
    apiVersion,
    subresource: typeof source.subresource === "string" ? source.subresource : "",
    time: typeof source.time === "string" ? source.time : undefined,
    set,
  };
}

/** The object with these entries as its managedFields. */
export function withManagedFields(object: KubernetesObject, entries: ManagedEntries): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  if (entries.size === 0) return { ...object, metadata: metadata as KubernetesObject["metadata"] };
  return {
    ...object,
    metadata: {
      ...metadata,
      managedFields: encodeManagedFields([...entries.values()]),
    } as KubernetesObject["metadata"],
  };
}

/** Entries as managedFields, in the server's order: operation, time, manager, version. */
export function encodeManagedFields(entries: readonly ManagedEntry[]): JsonObject[] {
  return entries.toSorted(compareEntries).map(encodeEntry);
}

function encodeEntry(entry: ManagedEntry): JsonObject {
  return {
    manager: entry.manager,
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === undefined ? {} : { time: entry.time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFieldsV1(entry.set),
    ...(entry.subresource === "" ? {} : { subresource: entry.subresource }),
  };
}

function compareEntries(a: ManagedEntry, b: ManagedEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    seconds(a.time) - seconds(b.time) ||
    compareText(a.manager, b.manager) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function seconds(time: string | undefined): number {
  return time === undefined ? 0 : Math.floor(Date.parse(time) / 1000);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const maxUpdateManagers = 10;

/** Merges the oldest updaters of a version into one `ancient-changes` entry when there are more than ten. */
export function capUpdateManagers(entries: ManagedEntries): ManagedEntries {
  const updaters = [...entries].filter(([, entry]) => entry.operation === "Update");
  let count = updaters.length;
  if (count <= maxUpdateManagers) return entries;
  updaters.sort(([aId, a], [bId, b]) => seconds(a.time) - seconds(b.time) || compareText(aId, bId));
  const result = new Map(entries);
  const firsts = new Map<string, string>();
  for (const [id, entry] of updaters) {
    if (count <= maxUpdateManagers) break;
    const first = firsts.get(entry.apiVersion);
    if (first === undefined) {
      firsts.set(entry.apiVersion, id);
      continue;
    }
    const { apiVersion, time } = entry;
    const bucket = {
      manager: "ancient-changes",
      operation: "Update",
      apiVersion,
      subresource: "",
      time,
    } as const;
    const bucketId = managerId(bucket);
    const oldest = result.get(bucketId) ?? result.get(first);
    if (!result.has(bucketId)) result.delete(first);
    result.set(bucketId, { ...bucket, set: oldest ? unionFieldSets(entry.set, oldest.set) : entry.set });
    if (id !== bucketId) result.delete(id);
    count--;
  }
  return result;
}
