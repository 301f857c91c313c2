// The ServiceAccount `default` of every namespace (pkg/controller/serviceaccount).
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import { NAMESPACES, SERVICE_ACCOUNTS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";

/** Starts the controller that gives every active namespace a ServiceAccount named `default`, for good. */
export function startServiceAccountController(environment: Environment): void {
  const namespaces = environment.caches.follow(NAMESPACES);
  const accounts = environment.caches.follow(SERVICE_ACCOUNTS);
  const controller = runController(environment, {
    name: "serviceaccount-controller",
    async reconcile(namespace, { write }) {
      const owner = namespaces.get(namespace);
      if (!owner || owner.metadata.deletionTimestamp || accounts.get("default", namespace)) return;
      const account: KubernetesObject = {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace },
      };
      try {
        await write.create(SERVICE_ACCOUNTS, account);
      } catch (error) {
        if (!isApiError(error, 409)) throw error;
      }
    },
  });
  controller.watch(namespaces, (namespace) => [namespace.metadata.name]);
  controller.watch(accounts, (account, change) =>
    change.type === "deleted" ? [account.metadata.namespace ?? ""] : [],
  );
}
