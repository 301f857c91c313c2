// Who owns the replicas of an object, told as fields of its Scale and back (apimachinery managedfields
// scalehandler.go).
import type { JsonObject } from "@slipway/yaml";
import { type FieldSet, fieldSetOf, isEmptyFieldSet, subtractFieldSet } from "./field-set.ts";
import {
  decodeManagedFields,
  encodeManagedFields,
  type ManagedEntries,
  type ManagedEntry,
} from "./managed-entries.ts";

/** Where each apiVersion of a kind has its replicas, in elements; undefined for one without a scale. */
export type ReplicasPaths = ReadonlyMap<string, readonly string[] | undefined>;

const scaleVersion = "autoscaling/v1";
const scalePath = ["f:spec", "f:replicas"];

/** The managedFields of an object's Scale: everybody who owns the replicas. */
export function scaleOwners(managedFields: readonly JsonObject[], paths: ReplicasPaths): JsonObject[] {
  const owners = [...decode(managedFields).values()].filter((entry) => ownsReplicas(entry, paths));
  return encodeManagedFields(
    owners.map((entry) => ({ ...entry, apiVersion: scaleVersion, set: fieldSetOf([scalePath]) })),
  );
}

/**
 * The managedFields of an object after its Scale was written: `managedFields` are those it had, `scaleFields` those of
 * the written Scale, `apiVersion` the version of the request. An updater keeps the replicas in an entry of its own,
 * because as an owner of the Scale it is another one; entries in versions that have no path are dropped, and so are the
 * times of what comes from the Scale.
 */
export function parentOwners(
  managedFields: readonly JsonObject[],
  scaleFields: readonly JsonObject[],
  { paths, apiVersion }: { readonly paths: ReplicasPaths; readonly apiVersion: string },
): JsonObject[] {
  const ofScale = decode(scaleFields);
  const entries: ManagedEntry[] = [];
  for (const [id, entry] of decode(managedFields)) {
    if (!paths.has(entry.apiVersion)) continue;
    if (!ownsReplicas(entry, paths) || ofScale.delete(id)) entries.push(entry);
    else {
      const set = subtractFieldSet(entry.set, fieldSetOf([paths.get(entry.apiVersion) ?? []]));
      if (!isEmptyFieldSet(set)) entries.push({ ...entry, set });
    }
  }
  const set = fieldSetOf([paths.get(apiVersion) ?? []]);
  for (const entry of ofScale.values()) {
    if (has(entry.set, scalePath)) entries.push({ ...entry, apiVersion, set, time: undefined });
  }
  return encodeManagedFields(entries);
}

function decode(managedFields: readonly JsonObject[]): ManagedEntries {
  return decodeManagedFields(managedFields) ?? new Map();
}

function ownsReplicas({ apiVersion, set }: ManagedEntry, paths: ReplicasPaths): boolean {
  const path = paths.get(apiVersion);
  return path !== undefined && has(set, path);
}

function has({ members, children }: FieldSet, [element, ...rest]: readonly string[]): boolean {
  if (element === undefined) return false;
  if (rest.length === 0) return members.has(element);
  const child = children.get(element);
  return child !== undefined && has(child, rest);
}
