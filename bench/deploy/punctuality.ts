import {
  builtin,
  type Client,
  createInformer,
  type KubernetesObject,
  systemClock,
} from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";

/** How long pods were not there although they could have been. */
export interface Punctuality {
  readonly pods: number;
  /** Pods that their controller created late because an earlier try was refused: it had backed off. */
  readonly delayedPods: number;
  /** The most that any pod came after the moment at which it could be created. */
  readonly latestPodMs: number;
}

const configurations = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] as const;
/** Creation times have a resolution of a second. */
const resolutionMs = 1_000;

/**
 * Follows from when on each webhook can be called (its Service has a ready endpoint and its entry a caBundle).
 * A pod can be created once its owner exists and the webhooks that once refused it can be called; the returned
 * function says how much later than that the pods came.
 */
export function followPunctuality(client: Client, signal: AbortSignal): () => Promise<Punctuality> {
  const bundled = new Map<string, { readonly service: string; readonly at: number }>();
  const served = new Map<string, number>();
  const common = { client, clock: systemClock, signal };
  for (const kind of configurations) {
    createInformer({
      ...common,
      type: builtin("admissionregistration.k8s.io", kind),
      onChange: ({ object }) => {
        for (const { name, service } of bundledWebhooks(object)) {
          if (!bundled.has(name)) bundled.set(name, { service, at: Date.now() });
        }
      },
    });
  }
  createInformer({
    ...common,
    type: builtin("discovery.k8s.io", "EndpointSlice"),
    onChange: ({ type, object }) => {
      const service = `${object.metadata.namespace}/${object.metadata.labels?.["kubernetes.io/service-name"]}`;
      if (type !== "deleted" && hasReadyEndpoint(object) && !served.has(service))
        served.set(service, Date.now());
    },
  });
  const callableSince = (webhook: string): number => {
    const known = bundled.get(webhook);
    return known ? Math.max(known.at, served.get(known.service) ?? 0) : 0;
  };

  return async () => {
    const events = (await client.list(builtin("", "Event"), { fieldSelector: "reason=FailedCreate" })).items;
    const owners = new Map<string, number>();
    for (const kind of ["ReplicaSet", "StatefulSet", "DaemonSet"]) {
      for (const { metadata } of (await client.list(builtin("apps", kind))).items) {
        owners.set(String(metadata.uid), createdAt(metadata.creationTimestamp));
      }
    }
    const refusals = new Map<string, Set<string>>();
    for (const { involvedObject, message } of events) {
      const uid = isJsonObject(involvedObject) ? String(involvedObject.uid) : "";
      const webhooks = refusals.get(uid) ?? new Set();
      const [, webhook] = /failed calling webhook "([^"]+)"/.exec(String(message)) ?? [];
      refusals.set(uid, webhook ? webhooks.add(webhook) : webhooks);
    }
    const { items: pods } = await client.list(builtin("", "Pod"));
    const lateness = pods.flatMap(({ metadata }) => {
      const owner = metadata.ownerReferences?.[0]?.uid ?? "";
      const since = owners.get(owner);
      if (since === undefined) return [];
      const refusedBy = refusals.get(owner);
      const possibleAt = Math.max(since, ...[...(refusedBy ?? [])].map(callableSince));
      return [
        { lateMs: createdAt(metadata.creationTimestamp) - possibleAt, refused: refusedBy !== undefined },
      ];
    });
    return {
      pods: lateness.length,
      delayedPods: lateness.filter(({ lateMs, refused }) => refused && lateMs > resolutionMs).length,
      latestPodMs: Math.max(0, ...lateness.map(({ lateMs }) => lateMs)),
    };
  };
}

function bundledWebhooks({ webhooks }: KubernetesObject): { name: string; service: string }[] {
  return (Array.isArray(webhooks) ? webhooks : []).flatMap((webhook) => {
    const config = at(webhook, "clientConfig");
    const service = at(config, "service");
    const bundle = at(config, "caBundle");
    if (typeof bundle !== "string" || bundle === "" || service === undefined) return [];
    return [
      { name: String(at(webhook, "name")), service: `${at(service, "namespace")}/${at(service, "name")}` },
    ];
  });
}

function hasReadyEndpoint({ endpoints }: KubernetesObject): boolean {
  return (Array.isArray(endpoints) ? endpoints : []).some(
    (endpoint) => at(at(endpoint, "conditions"), "ready") !== false,
  );
}

function at(value: Json | undefined, key: string): Json | undefined {
  return isJsonObject(value) ? value[key] : undefined;
}

function createdAt(timestamp: unknown): number {
  return Date.parse(String(timestamp));
}
