// ServiceAccount: a pod runs as an account that exists and gets its token as a volume.
import { builtin, type Clock, type KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { randomSuffix } from "../clock/random.ts";
import type { AdmissionPlugin, AdmissionReader } from "./admission.ts";
import { objectAt, objectsAt, textAt } from "./read-json.ts";
import { isPodCreation, refuse } from "./refuse.ts";

const serviceAccounts = builtin("", "ServiceAccount");
const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
/** As often, and as far apart, as the real plugin looks. */
const defaultAttempts = 10;
const attemptMs = 150;
const mirrorAnnotation = "kubernetes.io/config.mirror";

/**
 * The API server's plugin of this name (plugin/pkg/admission/serviceaccount): default account, existence, image
 * pull secrets, the projected `kube-api-access` volume and its mounts. Mountable-secret limits are left out.
 * `random` names the volume.
 */
export function serviceAccountPlugin({
  clock,
  random,
}: {
  readonly clock: Clock;
  readonly random: () => number;
}): AdmissionPlugin {
  /** The default account is waited for: a controller makes it shortly after its namespace. */
  async function find(
    reader: AdmissionReader,
    namespace: string | undefined,
    name: string,
  ): Promise<KubernetesObject | undefined> {
    for (let attempt = 1; ; attempt++) {
      const account = reader.get(serviceAccounts, namespace, name);
      if (account || name !== "default" || attempt === defaultAttempts) return account;
      await clock.sleep(attemptMs);
    }
  }

  return {
    name: "ServiceAccount",
    async admit(attributes, reader) {
      const pod = attributes.object;
      if (!isPodCreation(attributes) || !pod || pod.metadata.annotations?.[mirrorAnnotation])
        return undefined;
      const spec = objectAt(pod, "spec");
      const name = textAt(spec, "serviceAccountName") ?? textAt(spec, "serviceAccount") ?? "default";
      const account = await find(reader, attributes.namespace, name);
      if (!account) {
        throw refuse(
          attributes,
          `error looking up service account ${attributes.namespace}/${name}: serviceaccount "${name}" not found`,
        );
      }
      // The deprecated field mirrors the other one in every pod that the server stores.
      const named: JsonObject = { ...spec, serviceAccountName: name, serviceAccount: name };
      const pullSecrets = objectsAt(account, "imagePullSecrets");
      if (objectsAt(spec, "imagePullSecrets").length === 0 && pullSecrets.length > 0) {
        named.imagePullSecrets = pullSecrets;
      }
      const mounted = mountsToken(spec, account) ? mountToken(named, random) : named;
      return { ...pod, spec: mounted };
    },
  };
}

/** The pod's word counts before the account's; without either the token is mounted. */
function mountsToken(spec: JsonObject, account: KubernetesObject): boolean {
  const said = spec.automountServiceAccountToken ?? account.automountServiceAccountToken;
  return said !== false;
}

function mountToken(spec: JsonObject, random: () => number): JsonObject {
  const volumes = objectsAt(spec, "volumes");
  const existing = volumes.find((volume) => textAt(volume, "name")?.startsWith("kube-api-access-"));
  const volumeName = textAt(existing, "name") ?? `kube-api-access-${randomSuffix(random)}`;
  let needed = false;
  const withMount = (container: JsonObject): JsonObject => {
    const mounts = objectsAt(container, "volumeMounts");
    if (mounts.some((mount) => mount.mountPath === tokenPath)) return container;
    needed = true;
    const mount = { name: volumeName, readOnly: true, mountPath: tokenPath };
    return { ...container, volumeMounts: [...mounts, mount] };
  };
  const changed: JsonObject = { ...spec, containers: objectsAt(spec, "containers").map(withMount) };
  if (Array.isArray(spec.initContainers)) {
    changed.initContainers = objectsAt(spec, "initContainers").map(withMount);
  }
  if (needed && !existing) changed.volumes = [...volumes, tokenVolume(volumeName)];
  return changed;
}

/** One hour and seven seconds, so that the kubelet renews it before clients of one hour notice. */
const tokenSeconds = 3607;

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}
