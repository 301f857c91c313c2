import {
  type Client,
  type Clock,
  createInformer,
  type Informer,
  type KubernetesObject,
  type ObjectChange,
  type ObjectRef,
  type ResourceType,
} from "@slipway/kubernetes";

/** Tells of an object each time it changes; `undefined` when it is deleted. */
export type ObjectListener = (object: KubernetesObject | undefined) => void;

/** The watches of a run: one for each resource at cluster scope, opened when first asked for. */
export interface Watches {
  /** Follows an object that the run applied. Tells at once what is known; the returned function ends it. */
  followMember(type: ResourceType, ref: ObjectRef, listener: ObjectListener): () => void;
  /** The same with objects that have nothing but their metadata, for kinds whose objects are large. */
  followMetadata(type: ResourceType, ref: ObjectRef, listener: ObjectListener): () => void;
  /** Follows any one object, through a watch of its own. */
  followOne(type: ResourceType, ref: ObjectRef, listener: ObjectListener): () => void;
  /** Follows whether a Service has a ready endpoint. */
  followEndpoints(service: ObjectRef, slices: ResourceType, listener: (ready: boolean) => void): () => void;
}

/** Where an EndpointSlice says whose it is. */
const serviceLabel = "kubernetes.io/service-name";

/** Watches for a run. `memberSelector` selects what the run applies; watches that fail are told to `onError`. */
export function createWatches(options: {
  readonly client: Client;
  readonly clock: Clock;
  readonly memberSelector: string;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}): Watches {
  const { client, clock, signal, onError } = options;
  let endpoints: SharedWatch | undefined;

  const open = (
    type: ResourceType,
    selection: { labelSelector?: string; metadataOnly?: boolean },
    keyOf: (object: KubernetesObject) => string,
  ) => {
    const listeners = new Map<string, Set<ObjectListener>>();
    const onChange = (change: ObjectChange) => {
      const object = change.type === "deleted" ? undefined : change.object;
      for (const listener of [...(listeners.get(keyOf(change.object)) ?? [])]) listener(object);
    };
    const informer = createInformer({
      client,
      clock,
      type,
      signal,
      onChange,
      onError,
      indexes: { key: (object) => [keyOf(object)] },
      ...selection,
    });
    return { informer, listeners };
  };
  const subscribe = ({ listeners }: SharedWatch, key: string, listener: ObjectListener) => {
    const known = listeners.get(key);
    if (known) known.add(listener);
    else listeners.set(key, new Set([listener]));
    return () => {
      listeners.get(key)?.delete(listener);
    };
  };

  const followIn = (
    shared: Map<string, SharedWatch>,
    selection: { metadataOnly?: boolean },
  ): Watches["followMember"] => {
    return (type, ref, listener) => {
      const id = `${type.group}/${type.version}/${type.resource}`;
      let watch = shared.get(id);
      if (!watch) {
        watch = open(type, { labelSelector: options.memberSelector, ...selection }, refKey);
        shared.set(id, watch);
      }
      const end = subscribe(watch, `${ref.namespace ?? ""}/${ref.name}`, listener);
      const known = watch.informer.get(ref.name, ref.namespace);
      if (known) listener(known);
      return end;
    };
  };

  return {
    followMember: followIn(new Map(), {}),
    followMetadata: followIn(new Map(), { metadataOnly: true }),
    followOne(type, ref, listener) {
      const informer = createInformer({
        client,
        clock,
        type,
        signal,
        onError,
        fieldSelector: `metadata.name=${ref.name}`,
        ...(ref.namespace ? { namespace: ref.namespace } : {}),
        onChange: (change) => listener(change.type === "deleted" ? undefined : change.object),
      });
      return informer.stop;
    },
    followEndpoints(service, slices, listener) {
      const keyOf = (slice: KubernetesObject) =>
        `${slice.metadata.namespace ?? ""}/${slice.metadata.labels?.[serviceLabel] ?? ""}`;
      endpoints ??= open(slices, { labelSelector: serviceLabel }, keyOf);
      const { informer } = endpoints;
      const key = `${service.namespace ?? ""}/${service.name}`;
      const tell = () => {
        listener(
          informer.list(service.namespace).some((slice) => keyOf(slice) === key && hasReadyEndpoint(slice)),
        );
      };
      const end = subscribe(endpoints, key, tell);
      if (informer.hasSynced()) tell();
      return end;
    },
  };
}

interface SharedWatch {
  readonly informer: Informer;
  readonly listeners: Map<string, Set<ObjectListener>>;
}

function refKey(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/** An endpoint whose `ready` is not said counts as ready (discovery.k8s.io/v1). */
function hasReadyEndpoint(slice: KubernetesObject): boolean {
  const endpoints = Array.isArray(slice.endpoints) ? slice.endpoints : [];
  return endpoints.some((endpoint) => {
    const { conditions, addresses } = endpoint as { conditions?: { ready?: boolean }; addresses?: unknown[] };
    return conditions?.ready !== false && (addresses?.length ?? 0) > 0;
  });
}
