// Accepts the names of CustomResourceDefinitions and serves them (apiextensions-apiserver pkg/controller/{status,establish}).

import type { KubernetesObject } from "@slipway/kubernetes";
import { equalJson } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { condition, conditionsOf, mergeConditions } from "../conditions.ts";
import { type ServerContext, timestamp } from "../context.ts";
import { putStatus } from "../own-writes.ts";
import { definitions, hasCondition, readDefinition, typesOf } from "./definition.ts";

/** A definition is established this long after it was created (measured on a real server: 20 to 80 ms). */
const ESTABLISH_MILLISECONDS = { least: 20, most: 80 };

/**
 * Watches definitions for as long as the server runs: sets `acceptedNames` and the conditions `NamesAccepted` and
 * `Established` a moment after a definition comes, and keeps the registry at what the established ones serve.
 */
export function establishDefinitions(server: ServerContext): void {
  server.store.subscribe(definitions, ({ type, key, object }) => {
    if (type === "DELETED") {
      server.registry.setCustom(key, []);
      reconsiderRefused(server);
      return;
    }
    if (hasCondition(object, "Established")) server.registry.setCustom(key, typesOf(object));
    else if (!hasCondition(object, "NamesAccepted")) server.registry.setCustom(key, []);
    if (needsNames(object)) scheduleNaming(server, key);
  });
}

function scheduleNaming(server: ServerContext, key: string): void {
  const { least, most } = ESTABLISH_MILLISECONDS;
  server.clock.schedule(least + server.random() * (most - least), () => {
    const object = server.store.get(definitions, key);
    if (!object || !needsNames(object)) return;
    const status = nameStatus(server, object);
    // A refused definition stays as it is until another one gives the name back.
    if (!equalJson(status, object.status)) putStatus(server, object, status, { collection: definitions });
  });
}

/** A name that was taken may be free after another definition is gone. */
function reconsiderRefused(server: ServerContext): void {
  for (const [key, object] of server.store.snapshot(definitions).entries) {
    if (!hasCondition(object, "NamesAccepted")) scheduleNaming(server, key);
  }
}

/** Names are looked at while they are not the accepted ones, whatever became of the conditions. */
function needsNames(object: KubernetesObject): boolean {
  const status = object.status as JsonObject | undefined;
  return !equalJson(status?.acceptedNames, readDefinition(object).names);
}

function nameStatus(server: ServerContext, object: KubernetesObject): JsonObject {
  const { names } = readDefinition(object);
  const taken = takenName(server, object);
  const now = timestamp(server.clock);
  const established = hasCondition(object, "Established");
  const conditions = taken
    ? [
        condition("NamesAccepted", "False", taken.reason, taken.message, now),
        ...(established
          ? []
          : [condition("Established", "False", "NotAccepted", "not all names are accepted", now)]),
      ]
    : [
        condition("NamesAccepted", "True", "NoConflicts", "no conflicts found", now),
        condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now),
      ];
  const status = (object.status ?? {}) as JsonObject;
  return {
    ...status,
    conditions: mergeConditions(conditionsOf(object), conditions),
    acceptedNames: taken ? (status.acceptedNames ?? { plural: "", kind: "" }) : names,
  };
}

/** The first name of a definition that another established one of its group has. */
function takenName(
  server: ServerContext,
  object: KubernetesObject,
): { readonly reason: string; readonly message: string } | undefined {
  const own = readDefinition(object);
  const resources = new Set<unknown>();
  const kinds = new Set<unknown>();
  for (const type of server.registry.all()) {
    if (type.group !== own.group || type.custom?.definition === object.metadata.name) continue;
    for (const name of [type.resource, type.singular, ...type.shortNames]) resources.add(name);
    kinds.add(type.kind).add(`${type.kind}List`);
  }
  const refused = (reason: string, name: unknown) => ({
    reason,
    message: `${JSON.stringify(name)} is already in use`,
  });
  const { plural, singular, kind, listKind } = own.names;
  if (resources.has(plural)) return refused("PluralConflict", plural);
  if (resources.has(singular)) return refused("SingularConflict", singular);
  const shortNames = Array.isArray(own.names.shortNames) ? own.names.shortNames : [];
  for (const name of shortNames) if (resources.has(name)) return refused("ShortNamesConflict", name);
  if (kinds.has(kind)) return refused("KindConflict", kind);
  if (kinds.has(listKind)) return refused("ListKindConflict", listKind);
  return undefined;
}
