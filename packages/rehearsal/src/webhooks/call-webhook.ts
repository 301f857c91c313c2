// One call of a webhook, as the API server makes it: resolve, connect, verify, ask, wait no longer than allowed.
import { type Clock, systemClock } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, textAt, valueAt } from "../admission/read-json.ts";
import { verifyChain } from "../pki/verify-chain.ts";
import { answerReview, type FindBackend } from "./backend.ts";
import { CallError, isLoopback, postReview } from "./post-review.ts";
import { type ClusterReader, findRoute, type ServiceReference } from "./service-route.ts";
import type { FindServing } from "./serving-certificate.ts";

/** What a call needs: the webhook's `clientConfig`, the review to send, and how long to wait. */
export interface WebhookCall {
  readonly reader: ClusterReader;
  readonly clientConfig: JsonObject;
  readonly review: JsonObject;
  readonly timeoutSeconds: number;
}

/** Sends a review and returns the answered one. Rejects with an Error whose text is that of Go's HTTP client. */
export type CallWebhook = (call: WebhookCall) => Promise<JsonObject>;

/**
 * A caller whose webhook servers are functions inside of this process, or for a `clientConfig.url` on the loopback
 * address processes of this machine. A rehearsal calls nothing that is further away.
 */
export function createWebhookCaller(options: {
  readonly clock: Clock;
  readonly findBackend: FindBackend;
  readonly findServing: FindServing;
}): CallWebhook {
  const { clock, findBackend, findServing } = options;

  /** Why no trusted connection comes about. */
  async function connect(
    reader: ClusterReader,
    service: ServiceReference,
    caBundle: string,
  ): Promise<string | undefined> {
    const route = await findRoute(reader, service);
    if ("failure" in route) return route.failure;
    const serving = await findServing(reader, service, route.pod);
    if (serving === "absent") return `dial tcp ${route.address}: connect: connection refused`;
    if (serving === "unknown") {
      // Nothing says what it serves: whoever set a caBundle is taken to have set the right one.
      return caBundle ? undefined : untrusted("x509: certificate signed by unknown authority");
    }
    const refused = verifyChain({
      certificate: serving.certificate,
      caBundle,
      dnsName: `${service.name}.${service.namespace}.svc`,
      now: clock.now(),
    });
    return refused ? untrusted(refused) : undefined;
  }

  return async ({ reader, clientConfig, review, timeoutSeconds }) => {
    const service = serviceOf(clientConfig);
    const path = textAt(clientConfig, "service", "path") ?? "/";
    const url = service
      ? `https://${service.name}.${service.namespace}.svc:${service.port}${path}?timeout=${timeoutSeconds}s`
      : `${textAt(clientConfig, "url") ?? ""}?timeout=${timeoutSeconds}s`;
    const failed = (reason: string) => new Error(`Post ${JSON.stringify(url)}: ${reason}`);
    const caBundle = Buffer.from(textAt(clientConfig, "caBundle") ?? "", "base64").toString();
    if (!service && isLoopback(url)) {
      const timeoutMs = timeoutSeconds * 1000;
      return clock
        .hold(postReview({ url, caBundle, review, timeoutMs, clock: systemClock }))
        .catch((error: Error) => {
          throw error instanceof CallError ? failed(error.message) : error;
        });
    }
    if (!service) throw failed(`dial tcp: lookup ${hostOf(url)}: no such host`);
    const refused = await connect(reader, service, caBundle);
    if (refused) throw failed(refused);
    const answer = answerReview(findBackend(service.namespace, service.name), review, { path, reader });
    const timedOut = () => failed("context deadline exceeded");
    return withDeadline(clock, timeoutSeconds * 1000, answer, timedOut);
  };
}

/** The Service that a `clientConfig` names; undefined when it names a URL. */
export function serviceOf(clientConfig: JsonObject): ServiceReference | undefined {
  const name = textAt(clientConfig, "service", "name");
  const namespace = textAt(clientConfig, "service", "namespace");
  if (!valueAt(clientConfig, "service") || !name || !namespace) return undefined;
  return { namespace, name, port: numberAt(clientConfig, "service", "port") ?? 443 };
}

function untrusted(reason: string): string {
  return `tls: failed to verify certificate: ${reason}`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url;
}

async function withDeadline<T>(clock: Clock, ms: number, work: Promise<T>, expired: () => Error): Promise<T> {
  let cancel = () => {};
  const deadline = new Promise<never>((_resolve, reject) => {
    cancel = clock.schedule(ms, () => reject(expired()));
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    cancel();
  }
}
