// Custom resources that a controller follows from the moment at which their definition is served.
import {
  builtin,
  createInformer,
  type Informer,
  isApiError,
  type KubernetesObject,
  type ResourceType,
} from "@slipway/kubernetes";
import { objectsAt, textAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";

/** The objects of a custom resource, none while it is not served. */
export interface CustomResources {
  /** The resource in its storage version; undefined while it is not served. */
  type(): ResourceType | undefined;
  get(name: string, namespace?: string): KubernetesObject | undefined;
  list(): KubernetesObject[];
  /** Calls `handler` for every object that comes, changes or goes. */
  onChange(handler: (object: KubernetesObject) => void): void;
}

const definitions = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
const retryMs = 1_000;

/**
 * Follows a custom resource by its group and plural name. A shared cache would list it while it is not served, and
 * everybody who waits for all caches would wait with it; so this one starts with the definition.
 */
export function followCustomResources(
  environment: Environment,
  { group, resource }: { readonly group: string; readonly resource: string },
): CustomResources {
  const { client, clock, signal, caches } = environment;
  const handlers: ((object: KubernetesObject) => void)[] = [];
  let following: { readonly type: ResourceType; readonly informer: Informer } | undefined;

  const turnTo = (type: ResourceType | undefined) => {
    if (type?.version === following?.type.version) return;
    following?.informer.stop();
    following = undefined;
    if (!type) return;
    const informer = createInformer({
      client,
      clock,
      type,
      signal,
      onChange: ({ object }) => {
        for (const handler of handlers) handler(object);
      },
    });
    following = { type, informer };
  };

  // Definitions are large, and few of them are of interest: their metadata says which have changed.
  let changes = 0;
  caches.followMetadata(definitions).onChange(({ type: change, object: { metadata } }) => {
    if (metadata.name !== `${resource}.${group}`) return;
    const latest = ++changes;
    const turn = (type: ResourceType | undefined) => {
      if (latest === changes) turnTo(type);
    };
    if (change === "deleted") turn(undefined);
    else readServedType(environment, metadata.name).then(turn, () => {});
  });

  return {
    type: () => following?.type,
    get: (name, namespace) => following?.informer.get(name, namespace),
    list: () => following?.informer.list() ?? [],
    onChange: (handler) => handlers.push(handler),
  };
}

/** What a definition serves now; rejects when the environment is stopped. */
async function readServedType(
  { client, clock, signal }: Environment,
  name: string,
): Promise<ResourceType | undefined> {
  for (;;) {
    try {
      return servedType(await client.get(definitions, { name }, { signal }));
    } catch (error) {
      if (isApiError(error, 404)) return undefined;
      await clock.sleep(retryMs, signal);
    }
  }
}

/** The storage version of an established definition. */
function servedType(definition: KubernetesObject): ResourceType | undefined {
  const established = objectsAt(definition, "status", "conditions").some(
    ({ type, status }) => type === "Established" && status === "True",
  );
  const versions = objectsAt(definition, "spec", "versions").filter(({ served }) => served === true);
  const version = textAt(versions.find(({ storage }) => storage === true) ?? versions[0], "name");
  const group = textAt(definition, "spec", "group");
  const resource = textAt(definition, "spec", "names", "plural");
  const kind = textAt(definition, "spec", "names", "kind");
  if (!established || !version || !group || !resource || !kind) return undefined;
  return { group, version, resource, kind, namespaced: textAt(definition, "spec", "scope") === "Namespaced" };
}
