// Custom resources that a controller follows from the moment at which their definition is served.
import {
  builtin,
  createInformer,
  type Informer,
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

/**
 * Follows the custom resource of a group and kind. A shared cache would list it while it is not served, and
 * everybody who waits for all caches would wait with it; so this one starts with the definition.
 */
export function followCustomResources(
  environment: Environment,
  { group, kind }: { readonly group: string; readonly kind: string },
): CustomResources {
  const { client, clock, signal, caches } = environment;
  const handlers: ((object: KubernetesObject) => void)[] = [];
  let following: { readonly type: ResourceType; readonly informer: Informer } | undefined;

  caches.follow(definitions).onChange(({ type: change, object: definition }) => {
    if (textAt(definition, "spec", "group") !== group) return;
    if (textAt(definition, "spec", "names", "kind") !== kind) return;
    const type = change === "deleted" ? undefined : servedType(definition);
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
  });

  return {
    type: () => following?.type,
    get: (name, namespace) => following?.informer.get(name, namespace),
    list: () => following?.informer.list() ?? [],
    onChange: (handler) => handlers.push(handler),
  };
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
