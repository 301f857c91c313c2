// Imitates istiod's namespace controller: the ConfigMap `istio-ca-root-cert`, which every proxy mounts, in each
// namespace. Its webhooks are in webhook-certificates.ts, the injector in istio-injector.ts. Leaves out all of
// Istio's traffic management, and that istiod sets the validator's failurePolicy to Fail once it answers.
import { builtin } from "@slipway/kubernetes";
import { textAt } from "../admission/read-json.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { decodeSecret } from "../webhooks/serving-certificate.ts";
import { workloads } from "./facts.ts";
import { createWorkloadGate } from "./workload-gate.ts";

const namespaces = builtin("", "Namespace");
const configMaps = builtin("", "ConfigMap");
const secrets = builtin("", "Secret");
const configMapName = "istio-ca-root-cert";
const secretName = "istio-ca-secret";
/** istio pkg/kube/inject IgnoredNamespaces, without kube-system, where ztunnel may run. */
const ignored: ReadonlySet<string> = new Set(["kube-public", "kube-node-lease", "local-path-storage"]);

/** Writes root certificates while istiod is available and has an authority. */
export function runIstiod(environment: Environment): void {
  const { caches } = environment;
  const gate = createWorkloadGate(environment, [workloads.istiod]);
  const namespaceCache = caches.follow(namespaces);
  const configMapCache = caches.follow(configMaps);
  const secretCache = caches.follow(secrets);
  const { namespace: home } = workloads.istiod;

  const controller = runController(environment, { name: "istiod", manager: "pilot-discovery", reconcile });
  const all = () => namespaceCache.list().map(({ metadata }) => metadata.name);
  controller.watch(namespaceCache, ({ metadata }) => [metadata.name]);
  controller.watch(configMapCache, ({ metadata }) =>
    metadata.name === configMapName ? [metadata.namespace ?? ""] : [],
  );
  controller.watch(secretCache, ({ metadata }) =>
    metadata.name === secretName && metadata.namespace === home ? all() : [],
  );
  gate.onChange(() => {
    for (const name of all()) controller.enqueue(name);
  });

  async function reconcile(name: string, { write }: ControllerTools): Promise<void> {
    const namespace = namespaceCache.get(name);
    if (!gate.isOpen() || !namespace || namespace.metadata.deletionTimestamp || ignored.has(name)) return;
    const root = decodeSecret(secretCache.get(secretName, home), "ca-cert.pem");
    if (!root) return;
    const data = { "root-cert.pem": root };
    const present = configMapCache.get(configMapName, name);
    if (textAt(present, "data", "root-cert.pem") === root) return;
    if (present) await write.patch(configMaps, present, { type: "merge", patch: { data } });
    else {
      await write.create(configMaps, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: configMapName, namespace: name, labels: { "istio.io/config": "true" } },
        data,
      });
    }
  }
}
