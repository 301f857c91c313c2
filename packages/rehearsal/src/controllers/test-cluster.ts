// An embedded cluster for the controllers' tests, with short ways to write and read.
import {
  builtin,
  type Client,
  type Clock,
  createClient,
  groupOf,
  isApiError,
  type KubernetesObject,
} from "@slipway/kubernetes";
import type { Json, JsonObject } from "@slipway/yaml";
import { type Cluster, type ClusterOptions, startCluster } from "../cluster.ts";

/** A cluster that stops with its test. */
export interface TestCluster {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly clock: Clock;
  /** Creates built-in objects, one after the other. */
  create(...objects: KubernetesObject[]): Promise<void>;
  /** The object; `undefined` when there is none. `name` is `namespace/name` or `name`. */
  find(kind: string, name: string): Promise<KubernetesObject | undefined>;
  /** The object, which must be there. */
  read(kind: string, name: string): Promise<KubernetesObject>;
  list(kind: string, namespace?: string): Promise<KubernetesObject[]>;
  merge(kind: string, name: string, patch: JsonObject): Promise<void>;
  remove(
    kind: string,
    name: string,
    propagationPolicy?: "Foreground" | "Background" | "Orphan",
  ): Promise<void>;
  /** `reason: message` of the events about objects of that name, in the order in which they were written. */
  events(about: string): Promise<string[]>;
}

const GROUPS: Readonly<Record<string, string>> = {
  ClusterRole: "rbac.authorization.k8s.io",
  ControllerRevision: "apps",
  CronJob: "batch",
  DaemonSet: "apps",
  Deployment: "apps",
  EndpointSlice: "discovery.k8s.io",
  HorizontalPodAutoscaler: "autoscaling",
  Job: "batch",
  PodDisruptionBudget: "policy",
  ReplicaSet: "apps",
  StatefulSet: "apps",
  StorageClass: "storage.k8s.io",
  VolumeAttributesClass: "storage.k8s.io",
};

/** Starts a cluster for one test, or for the tests of a file (`{ after }` of node:test). */
export async function startTestCluster(
  t: { readonly after: (stop: () => Promise<void>) => void },
  options: ClusterOptions = {},
): Promise<TestCluster> {
  const cluster = await startCluster(options);
  t.after(() => cluster.stop());
  const client = createClient({ transport: cluster.transport, userAgent: "test" });
  const typeOf = (kind: string) => builtin(GROUPS[kind] ?? "", kind);
  const refOf = (name: string) => {
    const [first = "", second] = name.split("/");
    return second === undefined ? { name: first } : { namespace: first, name: second };
  };
  const read = (kind: string, name: string) => client.get(typeOf(kind), refOf(name));
  const list = async (kind: string, namespace?: string) =>
    (await client.list(typeOf(kind), namespace ? { namespace } : {})).items;
  return {
    cluster,
    client,
    clock: cluster.clock,
    async create(...objects) {
      for (const object of objects) {
        await client.create(builtin(groupOf(object.apiVersion), object.kind), object);
      }
    },
    async find(kind, name) {
      try {
        return await read(kind, name);
      } catch (error) {
        if (isApiError(error, 404)) return undefined;
        throw error;
      }
    },
    read,
    list,
    async merge(kind, name, patch) {
      await client.patch(typeOf(kind), refOf(name), { type: "merge", patch });
    },
    async remove(kind, name, propagationPolicy) {
      await client.delete(typeOf(kind), refOf(name), propagationPolicy ? { propagationPolicy } : {});
    },
    async events(about) {
      const events = await list("Event");
      return events
        .filter((event) => at(event, "involvedObject", "name") === about)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => `${String(event.reason)}: ${String(event.message)}`);
    },
  };
}

/** A value inside an object, by its path; `undefined` where the path ends early. */
export function at(object: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let value: Json | undefined = object;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Array.isArray(value) ? value[Number(step)] : value[step];
  }
  return value;
}

/** `status: reason` of a condition; `undefined` when the object has none of that type. */
export function conditionText(object: KubernetesObject | undefined, type: string): string | undefined {
  const conditions = at(object, "status", "conditions");
  if (!Array.isArray(conditions)) return undefined;
  const condition = conditions.find((entry) => at(entry, "type") === type);
  if (condition === undefined) return undefined;
  const reason = at(condition, "reason");
  return reason ? `${String(at(condition, "status"))}: ${String(reason)}` : String(at(condition, "status"));
}

/** A pod template of one container, labelled `app: NAME`. */
export function podTemplate(app: string, spec: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: { app } },
    spec: { containers: [{ name: app, image: `registry.example/${app}:1` }], ...spec },
  };
}

/** A Deployment in the namespace `default` whose pods carry `app: NAME`. */
export function deployment(name: string, spec: JsonObject = {}, podSpec: JsonObject = {}): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 1,
      progressDeadlineSeconds: 600,
      selector: { matchLabels: { app: name } },
      template: podTemplate(name, podSpec),
      ...spec,
    },
  };
}
