// Addresses for Services of type LoadBalancer, as a load balancer in front of the cluster would give them.
import type { Service } from "../kinds/cluster.ts";
import { SERVICES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { keyOf, splitKey } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";
import { canonicalJson } from "../template-hash.ts";

/**
 * Starts the controller that gives each LoadBalancer Service an address of 172.18.255.0/24 and takes the status
 * away again when the type changes. Nothing listens there. Left out: the cleanup finalizer of cloud providers.
 */
export function startLoadBalancerController(environment: Environment): void {
  const services = environment.caches.follow<Service>(SERVICES);
  const controller = runController(environment, {
    name: "service-controller",
    workers: 1,
    async reconcile(key, { write, record }) {
      const { name, namespace } = splitKey(key);
      const service = services.get(name, namespace);
      if (!service || service.metadata.deletionTimestamp) return;
      const current = addressOf(service);
      if (service.spec.type !== "LoadBalancer") {
        if (current) await write.updateStatus(SERVICES, { ...service, status: { loadBalancer: {} } });
        return;
      }
      if (service.spec.loadBalancerClass || current) return;
      const taken = new Set(services.list().map(addressOf));
      let number = 1;
      while (taken.has(`172.18.255.${number}`)) number += 1;
      record(service, { type: "Normal", reason: "EnsuringLoadBalancer", message: "Ensuring load balancer" });
      const loadBalancer = { ingress: [{ ip: `172.18.255.${number}`, ipMode: "VIP" }] };
      await write.updateStatus(SERVICES, { ...service, status: { ...service.status, loadBalancer } });
      record(service, { type: "Normal", reason: "EnsuredLoadBalancer", message: "Ensured load balancer" });
    },
  });
  controller.watch(services, (service, change) =>
    change.type !== "deleted" && (service.spec.type === "LoadBalancer" || addressOf(service))
      ? [keyOf(service)]
      : [],
  );
}

/** The first ingress, as text, for comparing. */
function addressOf(service: Service): string | undefined {
  const loadBalancer = service.status?.loadBalancer;
  if (typeof loadBalancer !== "object" || loadBalancer === null || Array.isArray(loadBalancer))
    return undefined;
  const ingress = loadBalancer.ingress;
  if (!Array.isArray(ingress) || ingress.length === 0) return undefined;
  const [first] = ingress;
  if (typeof first !== "object" || first === null || Array.isArray(first)) return undefined;
  return typeof first.ip === "string" ? first.ip : canonicalJson(first);
}
