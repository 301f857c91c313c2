// From a webhook's Service to the pod that would answer.
import { builtin, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt, textsAt, valueAt } from "../admission/read-json.ts";

/** The reads that a call needs; the embedded server's store or any API server can give them. */
export interface ClusterReader {
  get(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined | Promise<KubernetesObject | undefined>;
  list(
    type: ResourceType,
    namespace?: string,
  ): readonly KubernetesObject[] | Promise<readonly KubernetesObject[]>;
}

/** `clientConfig.service`, its port filled in. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** A way to a ready endpoint, or why there is none. */
export type Route =
  | {
      readonly address: string;
      readonly pod: KubernetesObject | undefined;
      readonly service: KubernetesObject;
    }
  | { readonly failure: string };

const services = builtin("", "Service");
const endpointSlices = builtin("discovery.k8s.io", "EndpointSlice");
const pods = builtin("", "Pod");

/**
 * Resolves a Service as the API server does with endpoint routing (apiserver pkg/util/proxy ResolveEndpoint),
 * whose texts these are; the first ready endpoint is taken instead of a random one.
 */
export async function findRoute(reader: ClusterReader, to: ServiceReference): Promise<Route> {
  const service = await reader.get(services, to.namespace, to.name);
  if (!service) return { failure: `service "${to.name}" not found` };
  const type = textAt(service, "spec", "type") ?? "ClusterIP";
  if (type === "ExternalName") return { failure: `unsupported service type "${type}"` };
  const port = objectsAt(service, "spec", "ports").find((entry) => entry.port === to.port);
  if (!port) return { failure: `no service port ${to.port} found for service "${to.name}"` };
  const slices = await reader.list(endpointSlices, to.namespace);
  for (const slice of slices) {
    if (slice.metadata.labels?.["kubernetes.io/service-name"] !== to.name) continue;
    const target = objectsAt(slice, "ports").find(
      (entry) => (textAt(entry, "name") ?? "") === (textAt(port, "name") ?? ""),
    );
    const endpoint = objectsAt(slice, "endpoints").find(isReadyEndpoint);
    const [ip] = textsAt(endpoint, "addresses");
    if (!endpoint || !ip || !target) continue;
    const podName =
      textAt(endpoint, "targetRef", "kind") === "Pod" ? textAt(endpoint, "targetRef", "name") : undefined;
    const pod = podName ? await reader.get(pods, to.namespace, podName) : undefined;
    return { address: `${ip}:${numberAt(target, "port") ?? to.port}`, pod, service };
  }
  return { failure: `no endpoints available for service "${to.name}"` };
}

/** An endpoint that says nothing is ready (discovery/v1 EndpointConditions). */
export function isReadyEndpoint(endpoint: JsonObject): boolean {
  return valueAt(endpoint, "conditions", "ready") !== false;
}
