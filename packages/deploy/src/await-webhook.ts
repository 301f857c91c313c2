import type { GraphNode } from "@slipway/graph";
import { type Clock, formatDuration, type KubernetesObject, type ResourceMapper } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { NodeFailure } from "./failure.ts";
import type { Watches } from "./watches.ts";

export type WebhookNode = Extract<GraphNode, { type: "webhook" }>;

/** What is waited for, and how the waiting is told. */
export interface AwaitWebhookOptions {
  readonly node: WebhookNode;
  readonly name: string;
  readonly watches: Watches;
  readonly mapper: ResourceMapper;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onMessage: (message: string) => void;
}

/**
 * Resolves with the webhook's configuration when the API server has all that it needs to call it: its entry has
 * a caBundle and its Service a ready endpoint. Rejects with NodeFailure when that takes too long.
 */
export function awaitWebhook(options: AwaitWebhookOptions): Promise<KubernetesObject> {
  const { node, name, watches, clock, signal } = options;
  const configurationType = options.mapper.find(node.configuration.group, node.configuration.kind);
  const slices = options.mapper.find("discovery.k8s.io", "EndpointSlice");
  if (!configurationType || !slices)
    throw new Error(`${node.configuration.kind} or EndpointSlice is not mapped`);

  return new Promise((resolve, reject) => {
    let configuration: KubernetesObject | undefined;
    let hasEndpoint = false;
    let message = "";
    const ends: (() => void)[] = [];
    let settled = false;
    const settle = (finish: () => void) => {
      settled = true;
      for (const end of ends.splice(0)) end();
      signal.removeEventListener("abort", abort);
      finish();
    };
    const abort = () => settle(() => reject(signal.reason));
    const look = () => {
      if (settled) return;
      const missing = whatIsMissing(configuration, node, hasEndpoint);
      if (missing === undefined) {
        const found = configuration;
        if (found) settle(() => resolve(found));
        return;
      }
      if (missing === message) return;
      message = missing;
      options.onMessage(message);
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    ends.push(
      clock.schedule(options.timeoutMs, () =>
        settle(() =>
          reject(
            new NodeFailure({
              code: "deploy/webhook-timeout",
              message: `${name} does not answer after ${formatDuration(options.timeoutMs)}: ${message}`,
              object: name,
              next: `kubectl get pods,endpointslices -n ${node.service.namespace}`,
            }),
          ),
        ),
      ),
      // All definitions together are megabytes, of which few have a conversion webhook.
      (node.configuration.kind === "CustomResourceDefinition" ? watches.followOne : watches.followMember)(
        configurationType,
        { name: node.configuration.name },
        (object) => {
          configuration = object;
          look();
        },
      ),
      watches.followEndpoints(node.service, slices, (ready) => {
        hasEndpoint = ready;
        look();
      }),
    );
    look();
    // What is known already is told at once, before there is anything to end.
    if (settled) for (const end of ends.splice(0)) end();
  });
}

function whatIsMissing(
  configuration: KubernetesObject | undefined,
  node: WebhookNode,
  hasEndpoint: boolean,
): string | undefined {
  if (!configuration) return `${node.configuration.kind} ${node.configuration.name} is not there yet`;
  if (!hasEndpoint) return `Service ${node.service.namespace}/${node.service.name} has no ready endpoint yet`;
  return hasCaBundle(configuration, node.webhook) ? undefined : "its caBundle is not set yet";
}

/** Of a webhook's entry by name; of a CustomResourceDefinition, its conversion webhook's. */
function hasCaBundle(configuration: KubernetesObject, webhook: string): boolean {
  const conversion = at(at(configuration.spec, "conversion"), "webhook");
  const entries = Array.isArray(configuration.webhooks) ? configuration.webhooks : [];
  const entry =
    conversion ?? entries.find((candidate) => isJsonObject(candidate) && candidate.name === webhook);
  const bundle = at(at(entry, "clientConfig"), "caBundle");
  return typeof bundle === "string" && bundle !== "";
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? (value as JsonObject)[key] : undefined;
}
