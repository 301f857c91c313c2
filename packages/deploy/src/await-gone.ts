import {
  type Client,
  type Clock,
  createInformer,
  isApiError,
  type KubernetesObject,
  type ObjectRef,
  type ResourceType,
} from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";

/**
 * Resolves with undefined when the object is gone (or another has its name), and with what holds it when it is
 * still there in the end. Rejects with the signal's reason.
 */
export async function awaitGone(options: {
  readonly client: Client;
  readonly clock: Clock;
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  readonly uid?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  readonly onMessage: (message: string) => void;
}): Promise<string | undefined> {
  const { client, clock, type, ref, uid, signal } = options;
  try {
    const object = await client.get(type, ref, signal ? { signal } : {});
    if (uid !== undefined && object.metadata.uid !== uid) return undefined;
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
  return new Promise((resolve, reject) => {
    let message = "";
    const settle = (finish: () => void) => {
      cancel();
      informer.stop();
      signal?.removeEventListener("abort", abort);
      finish();
    };
    const look = (object: KubernetesObject) => {
      if (uid !== undefined && object.metadata.uid !== uid) return settle(() => resolve(undefined));
      const holding = whatHolds(object);
      if (holding === message) return;
      message = holding;
      options.onMessage(message);
    };
    const abort = () => settle(() => reject(signal?.reason));
    const cancel = clock.schedule(options.timeoutMs, () =>
      settle(() => resolve(message || "it is still there")),
    );
    const informer = createInformer({
      client,
      clock,
      type,
      fieldSelector: `metadata.name=${ref.name}`,
      ...(ref.namespace ? { namespace: ref.namespace } : {}),
      onChange: (change) => {
        if (change.type === "deleted") settle(() => resolve(undefined));
        else look(change.object);
      },
      // The definition, and with it the resource, may go while its last object is watched.
      onError: (error) => {
        if (isApiError(error, 404)) settle(() => resolve(undefined));
      },
    });
    // It may have gone between the read and the first list.
    void informer.synced.then(() => {
      if (!informer.get(ref.name, ref.namespace)) settle(() => resolve(undefined));
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Finalizers by name; of a namespace, what its own conditions say is left in it. */
function whatHolds(object: KubernetesObject): string {
  const status = isJsonObject(object.status) ? object.status : {};
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isJsonObject) : [];
  const said = conditions
    .filter(({ type, status: value }) => value === "True" && /Remaining$|Failure$/.test(String(type)))
    .map(({ message }) => String(message));
  if (said.length > 0) return said.join("; ");
  const { finalizers } = object.metadata;
  if (finalizers?.length) return `held by the finalizers ${finalizers.join(", ")}`;
  return object.metadata.deletionTimestamp ? "it is being deleted" : "its deletion has not begun";
}
