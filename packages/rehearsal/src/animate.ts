// Simulated nodes, kubelets, volumes, load balancers and platform controllers for a control plane that has none.
import type { Client, Clock } from "@slipway/kubernetes";
import { storageClass } from "./controllers/bootstrap/bootstrap.ts";
import { startLoadBalancerController } from "./controllers/network/load-balancer.ts";
import { STORAGE_CLASSES } from "./controllers/resources.ts";
import { createCaches } from "./controllers/runtime/cache.ts";
import type { Environment } from "./controllers/runtime/environment.ts";
import { startProvisioner } from "./controllers/storage/provisioner.ts";
import { startKubelets } from "./kubelet/kubelet.ts";
import { createKubeletFront } from "./kubelet/kubelet-front.ts";
import { createNodes } from "./kubelet/nodes.ts";
import { defaultTimeModel, type TimeModel } from "./kubelet/time-model.ts";
import { webhookServers } from "./platform/facts.ts";
import { findPlatformBackend, platformControllers } from "./platform/platform-controllers.ts";
import type { ClusterReader } from "./webhooks/service-route.ts";
import { createServingFinder } from "./webhooks/serving-certificate.ts";
import { serveWebhooks } from "./webhooks/webhook-front.ts";

/** What is animated and how. */
export interface AnimateOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  /** Ends it. Objects stay as they are. */
  readonly signal: AbortSignal;
  /** Simulated nodes to create; 3 by default, 0 on a cluster that has nodes of its own. */
  readonly nodes?: number;
  readonly timeModel?: TimeModel;
  /** The unix socket that the API server's egress selector names; without it no webhook answers and no kubelet gives logs. */
  readonly webhookSocket?: string;
}

/**
 * Animates a control plane that has an API server, a controller manager and a scheduler but no nodes: pods start
 * and become ready as the time model says, claims get volumes, LoadBalancer Services addresses, Certificates
 * are issued and webhooks answer. Resolves when all of it is at work.
 * @throws ApiError when the cluster refuses to be written to
 */
export async function animate(options: AnimateOptions): Promise<void> {
  const { client, clock, random, signal, nodes = 3, timeModel = defaultTimeModel } = options;
  const context = { client, clock, random, signal };
  const environment: Environment = { ...context, caches: createCaches(context), timeModel };
  startProvisioner(environment);
  startLoadBalancerController(environment);
  startKubelets(environment);
  for (const start of platformControllers) start(environment);
  if ((await client.list(STORAGE_CLASSES)).items.length === 0) {
    await client.create(STORAGE_CLASSES, storageClass(), { fieldManager: "slipway-animate" });
  }
  await createNodes(environment, nodes);
  if (options.webhookSocket !== undefined) {
    const reader = readCaches(environment);
    const front = await serveWebhooks({
      socket: options.webhookSocket,
      reader,
      findBackend: findPlatformBackend,
      findServing: createServingFinder({ clock, random, own: webhookServers }),
      findListener: createKubeletFront({ reader, clock, random }),
    });
    signal.addEventListener("abort", () => void front.close(), { once: true });
  }
}

/** Reads of the caches that the controllers share. */
function readCaches({ caches }: Environment): ClusterReader {
  return {
    async get(type, namespace, name) {
      const cache = caches.follow(type);
      await cache.synced;
      return cache.get(name, namespace);
    },
    async list(type, namespace) {
      const cache = caches.follow(type);
      await cache.synced;
      return cache.list(namespace);
    },
  };
}
