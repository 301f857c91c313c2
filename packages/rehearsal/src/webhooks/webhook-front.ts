// The simulated webhook servers behind sockets, for an API server that is not this process.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { builtin, type KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt, textsAt } from "../admission/read-json.ts";
import { answerReview, type FindBackend } from "./backend.ts";
import { type ClusterReader, findRoute, type ServiceReference } from "./service-route.ts";
import type { FindServing } from "./serving-certificate.ts";

/** What answers at an address that is no Service's: over TLS, with the certificate of the context. */
export interface TlsListener {
  readonly secureContext: SecureContext;
  accept(socket: TLSSocket): void;
}

/** Finds it for the `HOST:PORT` of a tunnel. */
export type FindListener = (target: string) => Promise<TlsListener | undefined>;

/** What stands behind the front: where it looks things up and who answers. */
export interface WebhookFrontOptions {
  /** Path of the unix socket to listen on. */
  readonly socket: string;
  readonly reader: ClusterReader;
  readonly findBackend: FindBackend;
  readonly findServing: FindServing;
  /** Who is reached beside the webhooks: kubelets. */
  readonly findListener?: FindListener;
}

/** A front that listens. */
export interface WebhookFront {
  close(): Promise<void>;
}

const services = builtin("", "Service");
const endpointSlices = builtin("discovery.k8s.io", "EndpointSlice");

/**
 * Listens for HTTP CONNECT, as an API server sends it for every call into the cluster when its egress selector
 * (`EgressSelectorConfiguration`, cluster, HTTPConnect) names the socket. A tunnel to a Service's cluster IP
 * comes about only while the Service has a ready endpoint whose pod has a certificate to serve, or to whatever
 * else `findListener` finds; otherwise it is refused as a closed port would refuse it.
 * @throws when the socket cannot be listened on
 */
export async function serveWebhooks(options: WebhookFrontOptions): Promise<WebhookFront> {
  const { reader, findBackend, findServing, socket } = options;
  const servedBy = new WeakMap<object, ServiceReference>();
  const tunnels = new Set<Socket>();

  const answers = createHttpServer((request, response) => {
    const service = servedBy.get(request.socket);
    if (!service) return void response.writeHead(404).end();
    const backend = findBackend(service.namespace, service.name);
    readReview(request)
      .then((review) => answerReview(backend, review, { path: pathOf(request), reader }))
      .then((answer) => sendJson(response, answer))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });

  /** The certificate that the pod behind a Service serves, ready for a handshake. */
  async function contextFor(service: ServiceReference): Promise<SecureContext | undefined> {
    const route = await findRoute(reader, service);
    if ("failure" in route) return undefined;
    const serving = await findServing(reader, service, route.pod);
    if (typeof serving === "string" || !serving.key) return undefined;
    return createSecureContext({ cert: serving.certificate, key: serving.key });
  }

  const findWebhook: FindListener = async (target) => {
    const service = await findService(reader, target);
    const secureContext = service && (await contextFor(service));
    if (!secureContext) return undefined;
    return {
      secureContext,
      accept(socket) {
        servedBy.set(socket, service);
        answers.emit("connection", socket);
      },
    };
  };

  const front = createHttpServer();
  front.on("connect", (request: IncomingMessage, tunnel: Socket) => {
    tunnels.add(tunnel);
    tunnel.on("close", () => tunnels.delete(tunnel));
    tunnel.on("error", () => tunnel.destroy());
    openTunnel(request.url ?? "", tunnel).catch(() => tunnel.destroy());
  });

  async function openTunnel(target: string, tunnel: Socket): Promise<void> {
    const listener = (await findWebhook(target)) ?? (await options.findListener?.(target));
    if (!listener) {
      tunnel.end("HTTP/1.1 503 connect: connection refused\r\n\r\n");
      return;
    }
    tunnel.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const secured = new TLSSocket(tunnel, { isServer: true, secureContext: listener.secureContext });
    secured.on("error", () => tunnel.destroy());
    listener.accept(secured);
  }

  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(socket, resolve);
  });
  return {
    async close() {
      for (const tunnel of tunnels) tunnel.destroy();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

/**
 * The Service that owns the cluster IP of `IP:PORT`, or the one that has it for an endpoint: that is where an API
 * server goes that does without kube-proxy (`--enable-aggregator-routing`).
 */
async function findService(reader: ClusterReader, target: string): Promise<ServiceReference | undefined> {
  const colon = target.lastIndexOf(":");
  const [address, port] = [target.slice(0, colon), Number(target.slice(colon + 1))];
  const all = await reader.list(services);
  const found = all.find((service) => clusterIpOf(service) === address);
  if (found) return { namespace: found.metadata.namespace ?? "", name: found.metadata.name, port };
  for (const slice of await reader.list(endpointSlices)) {
    const endpoint = objectsAt(slice, "endpoints").find((one) => textsAt(one, "addresses").includes(address));
    const open = endpoint && objectsAt(slice, "ports").find((one) => one.port === port);
    if (!open) continue;
    const { namespace = "", labels } = slice.metadata;
    const name = labels?.["kubernetes.io/service-name"] ?? "";
    const service = all.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    const offered = objectsAt(service, "spec", "ports").find(
      (one) => (textAt(one, "name") ?? "") === (textAt(open, "name") ?? ""),
    );
    if (offered) return { namespace, name, port: numberAt(offered, "port") ?? port };
  }
  return undefined;
}

function clusterIpOf(service: KubernetesObject): string | undefined {
  return textAt(service, "spec", "clusterIP");
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").replace(/\?.*$/, "");
}

async function readReview(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const review = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Json;
  if (!isJsonObject(review)) throw new Error("a review is a JSON object");
  return review;
}

function sendJson(response: ServerResponse, body: JsonObject): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
