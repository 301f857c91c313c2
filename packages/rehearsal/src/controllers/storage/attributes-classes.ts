// Classes of volumes' attributes that are in use (pkg/controller/volume/vacprotection).
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import { textAt } from "../../admission/read-json.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../kinds/cluster.ts";
import { PERSISTENT_VOLUME_CLAIMS, PERSISTENT_VOLUMES, VOLUME_ATTRIBUTES_CLASSES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";

const PROTECTION = "kubernetes.io/vac-protection";

/** Starts the controller that takes the protection from a class that is being deleted once no volume has it. */
export function startAttributesClassController(environment: Environment): void {
  const { caches } = environment;
  const claims = caches.follow<PersistentVolumeClaim>(PERSISTENT_VOLUME_CLAIMS);
  const volumes = caches.follow<PersistentVolume>(PERSISTENT_VOLUMES);
  const classes = caches.follow<KubernetesObject>(VOLUME_ATTRIBUTES_CLASSES);
  const isUsed = (name: string) =>
    volumes.list().some((volume) => classesOf(volume).includes(name)) ||
    claims.list().some((claim) => classesOf(claim).includes(name));
  const leaving = () => classes.list().filter(({ metadata }) => metadata.deletionTimestamp);

  const controller = runController(environment, {
    name: "volumeattributesclass-protection-controller",
    workers: 1,
    async reconcile(name, { write }) {
      const one = classes.get(name);
      const { deletionTimestamp, finalizers = [] } = one?.metadata ?? {};
      if (!one || !deletionTimestamp || !finalizers.includes(PROTECTION) || isUsed(name)) return;
      const rest = finalizers.filter((finalizer) => finalizer !== PROTECTION);
      try {
        const metadata = { ...one.metadata, finalizers: rest };
        await write.update(VOLUME_ATTRIBUTES_CLASSES, { ...one, metadata });
      } catch (error) {
        if (!isApiError(error, 404)) throw error;
      }
    },
  });
  controller.watch(classes, ({ metadata }) => [metadata.name]);
  // Whatever changes, or goes, may have been the last to have a class.
  const again = () => leaving().map(({ metadata }) => metadata.name);
  controller.watch(claims, again);
  controller.watch(volumes, again);
}

/** The classes that a volume has, or that a claim has, wants or is being given. */
function classesOf({ spec, status }: KubernetesObject): (string | undefined)[] {
  return [
    textAt(spec, "volumeAttributesClassName"),
    textAt(status, "currentVolumeAttributesClassName"),
    textAt(status, "modifyVolumeStatus", "targetVolumeAttributesClassName"),
  ];
}
