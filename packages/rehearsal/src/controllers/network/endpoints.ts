// EndpointSlices and Endpoints from Services and their pods.
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import type { Node, Service } from "../kinds/cluster.ts";
import type { StringMap } from "../kinds/meta.ts";
import type { Pod } from "../kinds/pod.ts";
import { ENDPOINT_SLICES, ENDPOINTS, NODES, PODS, SERVICES } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { controllerReference, keyOf, splitKey, uidOf } from "../runtime/owners.ts";
import { runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import type { Writer } from "../runtime/writer.ts";
import { matchesSelector } from "../selectors.ts";
import { canonicalJson } from "../template-hash.ts";
import { isNamespaceTerminating } from "../workloads/replica-set.ts";
import {
  type Backend,
  type BackendGroup,
  backendFacts,
  groupBackends,
  zoneOfNode,
} from "./service-backends.ts";

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const MANAGER = "endpointslice-controller.k8s.io";
const SERVICE_NAME = "kubernetes.io/service-name";
const HEADLESS = "service.kubernetes.io/headless";
const CHANGED_AT = "endpoints.kubernetes.io/last-change-trigger-time";

interface EndpointSlice extends KubernetesObject {
  endpoints?: Json;
  ports?: Json;
}

/**
 * Starts the controllers that keep EndpointSlices and Endpoints in step with Services that select pods. Left
 * out: splitting slices above a hundred endpoints, topology hints, IPv6, mirroring of hand-made Endpoints.
 */
export function startEndpointsController(environment: Environment): void {
  const { caches, clock } = environment;
  const services = caches.follow<Service>(SERVICES);
  const pods = caches.follow<Pod>(PODS);
  const nodes = caches.follow<Node>(NODES);
  const slices = caches.follow<EndpointSlice>(ENDPOINT_SLICES);
  const endpoints = caches.follow(ENDPOINTS);

  const controller = runController(environment, {
    name: "endpoint-slice-controller",
    async reconcile(key, { write }) {
      const { name, namespace = "" } = splitKey(key);
      const service = services.get(name, namespace);
      if (!service) {
        const orphan = endpoints.get(name, namespace);
        const ours =
          orphan?.metadata.labels?.["endpoints.kubernetes.io/managed-by"] === "endpoint-controller";
        if (orphan && ours) await write.delete(ENDPOINTS, orphan);
        return;
      }
      if (!selects(service) || service.metadata.deletionTimestamp) return;
      const selector = { matchLabels: service.spec.selector ?? {} };
      const behind = pods.list(namespace).filter((pod) => matchesSelector(selector, pod.metadata.labels));
      const groups = groupBackends(service, behind, (node) => zoneOfNode(nodes.get(node)));
      try {
        await writeSlices(service, groups, write);
        await writeEndpoints(service, groups, write);
      } catch (error) {
        if (!isNamespaceTerminating(error)) throw error;
      }
    },
  });
  controller.watch(services, (service) => [keyOf(service)]);
  controller.watch(pods, (pod, change) => {
    if (change.type === "updated" && backendFacts(change.object) === backendFacts(change.old)) return [];
    return services
      .list(pod.metadata.namespace)
      .filter(
        ({ spec }) => spec.selector && matchesSelector({ matchLabels: spec.selector }, pod.metadata.labels),
      )
      .map(keyOf);
  });
  controller.watch(slices, (slice, change) => {
    const name = slice.metadata.labels?.[SERVICE_NAME];
    const ours = slice.metadata.labels?.[MANAGED_BY] === MANAGER;
    return change.type === "deleted" && ours && name ? [`${slice.metadata.namespace}/${name}`] : [];
  });

  async function writeSlices(
    service: Service,
    groups: readonly BackendGroup[],
    write: Writer,
  ): Promise<void> {
    const mine = slices
      .ownedBy(uidOf(service))
      .filter(
        (slice) => slice.metadata.labels?.[MANAGED_BY] === MANAGER && !slice.metadata.deletionTimestamp,
      );
    const wanted = groups.length > 0 ? groups : [{ ports: null, backends: [] }];
    for (const { ports, backends } of wanted) {
      const body: JsonObject = {
        addressType: "IPv4",
        endpoints: backends.length > 0 ? backends.map(sliceEndpoint) : null,
        ports: ports ? ports.map(({ ...port }) => port) : null,
      };
      const index = Math.max(
        0,
        mine.findIndex((slice) => canonicalJson(slice.ports) === canonicalJson(body.ports)),
      );
      const [current] = mine.splice(index, 1);
      const labels = {
        ...service.metadata.labels,
        [MANAGED_BY]: MANAGER,
        [SERVICE_NAME]: service.metadata.name,
        ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
      };
      if (!current) {
        await write.create<EndpointSlice>(ENDPOINT_SLICES, {
          apiVersion: "discovery.k8s.io/v1",
          kind: "EndpointSlice",
          metadata: {
            name: "",
            generateName: `${service.metadata.name}-`,
            ...namespaceOf(service),
            labels,
            annotations: { [CHANGED_AT]: formatTime(clock.now()) },
            ownerReferences: [controllerReference(service)],
          },
          ...body,
        });
      } else if (differs(current, labels, body)) {
        const annotations = { ...current.metadata.annotations, [CHANGED_AT]: formatTime(clock.now()) };
        await write.update(ENDPOINT_SLICES, {
          ...current,
          metadata: { ...current.metadata, labels, annotations },
          ...body,
        });
      }
    }
    for (const slice of mine) await write.delete(ENDPOINT_SLICES, slice);
  }

  async function writeEndpoints(
    service: Service,
    groups: readonly BackendGroup[],
    write: Writer,
  ): Promise<void> {
    const labels = {
      ...service.metadata.labels,
      "endpoints.kubernetes.io/managed-by": "endpoint-controller",
      ...(isHeadless(service) ? { [HEADLESS]: "" } : {}),
    };
    const subsets = groups.map(endpointSubset).filter((subset) => subset !== undefined);
    const current = endpoints.get(service.metadata.name, service.metadata.namespace);
    const body: JsonObject = subsets.length > 0 ? { subsets } : {};
    const annotations = { [CHANGED_AT]: formatTime(clock.now()) };
    if (!current) {
      const object: KubernetesObject = {
        apiVersion: "v1",
        kind: "Endpoints",
        metadata: { name: service.metadata.name, ...namespaceOf(service), labels, annotations },
        ...body,
      };
      try {
        await write.create(ENDPOINTS, object);
      } catch (error) {
        if (!isApiError(error, 409)) throw error;
      }
    } else if (differs(current, labels, { subsets: body.subsets })) {
      const { subsets: _, ...rest } = current;
      await write.update(ENDPOINTS, {
        ...rest,
        apiVersion: current.apiVersion,
        kind: current.kind,
        metadata: { ...current.metadata, labels, annotations },
        ...body,
      });
    }
  }
}

function selects({ spec }: Service): boolean {
  return spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;
}

function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === "None";
}

function namespaceOf({ metadata }: Service): { namespace?: string } {
  return metadata.namespace ? { namespace: metadata.namespace } : {};
}

function differs(current: KubernetesObject, labels: StringMap, body: JsonObject): boolean {
  if (canonicalJson(current.metadata.labels ?? {}) !== canonicalJson(labels)) return true;
  return Object.keys(body).some((field) => canonicalJson(current[field]) !== canonicalJson(body[field]));
}

function sliceEndpoint({ pod, ip, ready, serving, terminating, hostname, zone }: Backend): JsonObject {
  return {
    addresses: [ip],
    conditions: { ready, serving, terminating },
    ...(hostname ? { hostname } : {}),
    targetRef: targetOf(pod),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    ...(zone ? { zone } : {}),
  };
}

function endpointSubset({ ports, backends }: BackendGroup): JsonObject | undefined {
  const address = ({ pod, ip, hostname }: Backend): JsonObject => ({
    ip,
    ...(hostname ? { hostname } : {}),
    ...(pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {}),
    targetRef: targetOf(pod),
  });
  const staying = backends.filter(({ terminating, ready }) => ready || !terminating);
  const ready = staying.filter((backend) => backend.ready).map(address);
  const unready = staying.filter((backend) => !backend.ready).map(address);
  if (ready.length + unready.length === 0) return undefined;
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(unready.length > 0 ? { notReadyAddresses: unready } : {}),
    ...(ports.length > 0
      ? { ports: ports.map(({ name, ...port }) => ({ ...(name ? { name } : {}), ...port })) }
      : {}),
  };
}

function targetOf({ metadata }: Pod): JsonObject {
  return { kind: "Pod", namespace: metadata.namespace, name: metadata.name, uid: metadata.uid };
}
