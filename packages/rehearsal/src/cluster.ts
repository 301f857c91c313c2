// The embedded cluster: an API server with all that works against it, in this process.
import { type Clock, createClient, systemClock, type Transport } from "@slipway/kubernetes";
import { admissionPlugins } from "./admission/admission-plugins.ts";
import { createRandom } from "./clock/random.ts";
import { createVirtualClock, type VirtualClock } from "./clock/virtual-clock.ts";
import { startControllers } from "./controllers/start-controllers.ts";
import { formatKubeconfig } from "./kubeconfig.ts";
import { defaultTimeModel, type TimeModel } from "./kubelet/time-model.ts";
import { type Listener, listenOnLoopback } from "./listen.ts";
import { createCertificateAuthority } from "./pki/certificate.ts";
import { webhookServers } from "./platform/facts.ts";
import { findPlatformBackend, platformControllers } from "./platform/platform-controllers.ts";
import { bootstrap } from "./server/bootstrap/bootstrap.ts";
import type { ServerContext } from "./server/context.ts";
import { fetchFrom } from "./server/fetch.ts";
import { createLocalTransport } from "./server/local-transport.ts";
import { createRegistry } from "./server/registry.ts";
import { administrator, controllerManager } from "./server/request.ts";
import { createApiServer } from "./server/serve.ts";
import { createStore } from "./store/store.ts";
import { createWebhookCaller } from "./webhooks/call-webhook.ts";
import { createServingFinder } from "./webhooks/serving-certificate.ts";

/** How an embedded cluster is started. */
export interface ClusterOptions {
  /** Real time instead of the virtual clock. */
  readonly realTime?: boolean;
  /** Makes pod timings, uids and tokens reproducible. */
  readonly seed?: number;
  /** How long pods take; the built-in model when left out. */
  readonly timeModel?: TimeModel;
  /** Multiplies the times of that model. */
  readonly timeScale?: number;
  /** False starts the API server alone, without controllers and nodes. */
  readonly controllers?: boolean;
}

/** A running embedded cluster. */
export interface Cluster {
  readonly clock: Clock;
  /** Requests as cluster-admin, straight into the server, without a socket. */
  readonly transport: Transport;
  /** The same server for anything that speaks Request and Response. */
  fetch(request: Request): Promise<Response>;
  /** Serves it over HTTP on the loopback address; port 0 picks a free one. */
  listen(port?: number): Promise<{ readonly url: string; readonly port: number }>;
  /** A kubeconfig (YAML) for the address that `listen` gave. */
  kubeconfig(): string;
  /** Every request that the server answered, oldest first. */
  readonly audit: readonly AuditEvent[];
  stop(): Promise<void>;
}

/** One line of the server's audit log, in the terms of audit.k8s.io/v1. */
export interface AuditEvent {
  readonly at: number;
  readonly user: string;
  readonly userAgent: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code: number;
  /** `status.reason` and `status.message` of a refused request. */
  readonly reason?: string;
  readonly message?: string;
  /** What admission policies say about the request. */
  readonly annotations?: { readonly [key: string]: string };
}

/** Simulated time starts here, so that two runs with one seed are the same to the event. */
const START_OF_TIME = Date.UTC(2026, 0, 1);
/** How far time may jump ahead of the last request once others can ask; further on it passes as real time does. */
const LEASH_MS = 3_600_000;
const TEN_YEARS_MS = 10 * 365 * 86_400_000;

/** Starts a cluster and resolves when what every cluster has by itself is there. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const {
    realTime = false,
    seed = 1,
    timeModel = defaultTimeModel,
    timeScale = 1,
    controllers = true,
  } = options;
  const virtual: VirtualClock | undefined = realTime
    ? undefined
    : createVirtualClock({ start: START_OF_TIME });
  const clock: Clock = virtual ?? systemClock;
  const random = createRandom(seed);
  const stopping = new AbortController();
  const call = createWebhookCaller({
    clock,
    findBackend: findPlatformBackend,
    findServing: createServingFinder({ clock, random, own: webhookServers }),
  });
  const context: ServerContext = {
    clock,
    random,
    store: createStore(),
    registry: createRegistry(),
    admission: admissionPlugins({ call, clock, random }),
    callWebhook: call,
  };
  const server = createApiServer(context);
  bootstrap(context);
  // Clients compare its dates with the machine's own time, whatever the cluster's clock says.
  const authority = createCertificateAuthority({
    commonName: "kubernetes",
    now: systemClock.now() - 3_600_000,
    lifetimeMs: TEN_YEARS_MS,
    random,
  });
  if (controllers) {
    const transport = createLocalTransport(server, controllerManager);
    const client = createClient({ transport, userAgent: "kube-controller-manager/v1.36.2" });
    await startControllers(
      { client, clock, random, signal: stopping.signal },
      {
        rootCertificate: authority.certificate,
        timeModel: { ...timeModel, scale: timeModel.scale * timeScale },
        more: platformControllers,
      },
    );
  }
  let listener: Listener | undefined;
  return {
    clock,
    transport: createLocalTransport(server, administrator),
    fetch: (request) => fetchFrom(server, request),
    async listen(port = 0) {
      if (listener) throw new Error("the cluster listens already");
      listener = await listenOnLoopback(server, { port, authority });
      virtual?.leash(LEASH_MS);
      return { url: listener.url, port: listener.port };
    },
    kubeconfig() {
      if (!listener) throw new Error("the cluster does not listen yet");
      return formatKubeconfig(listener);
    },
    audit: server.audit,
    async stop() {
      stopping.abort();
      virtual?.stop();
      await listener?.close();
    },
  };
}
