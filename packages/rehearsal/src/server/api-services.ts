// Keeps APIServices: one for each version that definitions serve, and all that name no Service are available
// (kube-aggregator pkg/controllers/{autoregister,status/local}).
import { equalJson, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { apiServiceOfDefinitions, automanagedLabel, availableLocally } from "./bootstrap/api-services.ts";
import { conditionsOf, mergeConditions } from "./conditions.ts";
import { type ServerContext, timestamp } from "./context.ts";
import { definitions, readDefinition } from "./crd/definition.ts";
import { putChanged, putNew, putStatus } from "./own-writes.ts";

const apiServices = { collection: "apiregistration.k8s.io/apiservices" };

/** Watches definitions and APIServices for as long as the server runs. */
export function keepApiServices(server: ServerContext): void {
  // Not within the write that brought the event: whoever wrote gets its answer first.
  server.store.subscribe(definitions, ({ object }) => queueMicrotask(() => registerVersions(server, object)));
  server.store.subscribe(apiServices.collection, ({ type, object }) => {
    queueMicrotask(() => {
      if (isManaged(object)) registerVersion(server, groupVersionOf(object));
      if (type !== "DELETED") sayLocalIsAvailable(server, object.metadata.name);
    });
  });
}

function registerVersions(server: ServerContext, definition: KubernetesObject): void {
  const { group, versions } = readDefinition(definition);
  for (const { name } of versions) registerVersion(server, [group, String(name)]);
}

/** Creates, mends or removes the APIService of a version, by what definitions say now. */
function registerVersion(server: ServerContext, [group, version]: readonly [string, string]): void {
  const wanted = isServed(server, group, version) ? apiServiceOfDefinitions(group, version) : undefined;
  const name = `${version}.${group}`;
  const present = server.store.get(apiServices.collection, name);
  if (!present) {
    if (wanted) putNew(server, wanted, apiServices);
  } else if (isManaged(present)) {
    if (!wanted) server.store.remove(apiServices.collection, name);
    else if (!equalJson(present.spec, wanted.spec)) {
      putChanged(server, present, { ...present, spec: wanted.spec as JsonObject }, apiServices);
    }
  }
}

/** Whether any definition serves the version, its names accepted or not. */
function isServed(server: ServerContext, group: string, version: string): boolean {
  return server.store.snapshot(definitions).entries.some(([, object]) => {
    const definition = readDefinition(object);
    if (definition.group !== group) return false;
    return definition.versions.some(({ name, served }) => name === version && served === true);
  });
}

function sayLocalIsAvailable(server: ServerContext, name: string): void {
  const object = server.store.get(apiServices.collection, name);
  if (!object || (isJsonObject(object.spec) && object.spec.service)) return;
  const conditions = mergeConditions(conditionsOf(object), [availableLocally(timestamp(server.clock))]);
  if (equalJson(conditions, conditionsOf(object))) return;
  putStatus(server, object, { ...(object.status as object), conditions }, apiServices);
}

function isManaged({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[automanagedLabel] === "true";
}

function groupVersionOf({ spec }: KubernetesObject): readonly [string, string] {
  const { group, version } = isJsonObject(spec) ? spec : {};
  return [String(group ?? ""), String(version ?? "")];
}
