// The simulated kubelets behind a socket, for an API server that is not this process.
import { createServer, type ServerResponse } from "node:http";
import { createSecureContext } from "node:tls";
import { builtin, type Clock } from "@slipway/kubernetes";
import { objectsAt } from "../admission/read-json.ts";
import { createCertificateAuthority } from "../pki/certificate.ts";
import type { ClusterReader } from "../webhooks/service-route.ts";
import type { FindListener } from "../webhooks/webhook-front.ts";
import { answerKubelet, podInPath } from "./kubelet-api.ts";
import { SIMULATED_NODE } from "./nodes.ts";

const PORT = "10250";
const nodes = builtin("", "Node");
const pods = builtin("", "Pod");
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const POLL_MS = 1000;

/**
 * Finds the kubelet of a simulated node by the name or an address of the node. All of them serve one certificate,
 * which signs itself: an API server without `--kubelet-certificate-authority` takes any.
 */
export function createKubeletFront(options: {
  readonly reader: ClusterReader;
  readonly clock: Clock;
  readonly random: () => number;
}): FindListener {
  const { reader, clock, random } = options;
  const { certificate, key } = createCertificateAuthority({
    commonName: "kubelet",
    now: clock.now(),
    lifetimeMs: TEN_YEARS_MS,
    random,
  });
  const secureContext = createSecureContext({ cert: certificate, key });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://kubelet");
    answer(decodeURIComponent(pathname), searchParams, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end(String(error));
    });
  });

  async function answer(path: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const { namespace, name } = podInPath(path);
    const readPod = () => reader.get(pods, namespace, name);
    let { status, text, follows } = answerKubelet(path, query, { pod: await readPod(), now: clock.now() });
    response.writeHead(status, { "content-type": "text/plain" }).write(text);
    while (follows && !response.destroyed) {
      await clock.sleep(POLL_MS);
      ({ follows } = answerKubelet(path, query, { pod: await readPod(), now: clock.now() }));
    }
    response.end();
  }

  return async (target) => {
    const [host, port] = target.split(":");
    if (port !== PORT) return undefined;
    const found = (await reader.list(nodes)).some(
      (node) =>
        node.metadata.annotations?.[SIMULATED_NODE] === "true" &&
        (node.metadata.name === host ||
          objectsAt(node, "status", "addresses").some(({ address }) => address === host)),
    );
    return found ? { secureContext, accept: (socket) => server.emit("connection", socket) } : undefined;
  };
}
