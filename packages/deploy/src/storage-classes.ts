import { builtin, type Client, type KubernetesObject } from "@slipway/kubernetes";

type LookUp = (name: string | undefined) => KubernetesObject | undefined;

const defaultAnnotation = "storageclass.kubernetes.io/is-default-class";

/** The cluster's storage classes, read once, when the first claim asks for them. */
export function createStorageClasses(client: Client) {
  let read: Promise<LookUp> | undefined;
  return {
    /** How the claim finds its class; for objects that are no claims, and where classes cannot be read, it finds none. */
    lookUpFor(object: KubernetesObject): Promise<LookUp> {
      if (object.kind !== "PersistentVolumeClaim") return Promise.resolve(() => undefined);
      read ??= client.list(builtin("storage.k8s.io", "StorageClass")).then(
        ({ items }): LookUp =>
          (name) =>
            items.find(({ metadata }) =>
              name === undefined
                ? metadata.annotations?.[defaultAnnotation] === "true"
                : metadata.name === name,
            ),
        () => () => undefined,
      );
      return read;
    },
  };
}
