// The ConfigMap `kube-root-ca.crt` of every namespace (pkg/controller/certificates/rootcacertpublisher).
import { isApiError } from "@slipway/kubernetes";
import type { KeyedData } from "../kinds/cluster.ts";
import { CONFIG_MAPS, NAMESPACES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";

const NAME = "kube-root-ca.crt";
/** The API's own words, which clients see. */
const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** Starts the controller that publishes `rootCertificate` (PEM) to every active namespace and keeps it so. */
export function startRootCaPublisher(environment: Environment, rootCertificate: string): void {
  const namespaces = environment.caches.follow(NAMESPACES);
  const configMaps = environment.caches.follow<KeyedData>(CONFIG_MAPS);
  const controller = runController(environment, {
    name: "root-ca-certificate-publisher",
    async reconcile(namespace, { write }) {
      const owner = namespaces.get(namespace);
      if (!owner || owner.metadata.deletionTimestamp) return;
      const current = configMaps.get(NAME, namespace);
      const data = { "ca.crt": rootCertificate };
      if (current?.data?.["ca.crt"] === rootCertificate) return;
      if (current) {
        await write.update(CONFIG_MAPS, { ...current, data });
        return;
      }
      try {
        await write.create(CONFIG_MAPS, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: NAME,
            namespace,
            annotations: { "kubernetes.io/description": DESCRIPTION },
          },
          data,
        });
      } catch (error) {
        if (!isApiError(error, 409)) throw error;
      }
    },
  });
  controller.watch(namespaces, (namespace) => [namespace.metadata.name]);
  controller.watch(configMaps, ({ metadata }) => (metadata.name === NAME ? [metadata.namespace ?? ""] : []));
}
