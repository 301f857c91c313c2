// Deletion of namespaces: first all that is in them, then they (pkg/controller/namespace).
import { isApiError, type KubernetesObject, type ResourceType } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import type { Condition } from "../kinds/meta.ts";
import type { Pod } from "../kinds/pod.ts";
import { conditionOf } from "../pods.ts";
import { NAMESPACES, PODS } from "../resources.ts";
import type { Environment } from "../runtime/environment.ts";
import { runController } from "../runtime/run-controller.ts";
import { formatTime } from "../runtime/time.ts";
import type { Writer } from "../runtime/writer.ts";
import { canonicalJson } from "../template-hash.ts";
import { deletableBuiltins, followDefinitions, resourceOf } from "./served-types.ts";

interface NamespaceSpec extends JsonObject {
  finalizers?: string[];
}

interface NamespaceStatus extends JsonObject {
  phase?: string;
  conditions?: Condition[];
}

interface Namespace extends KubernetesObject {
  spec?: NamespaceSpec;
  status?: NamespaceStatus;
}

/** The real controller looks this long after each change of a terminating namespace, for caches to settle. */
const SETTLING_MS = 5_000;

/** What is still in a namespace: how many of each resource, and which finalizers hold how many objects. */
interface Remains {
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  /** The longest time that a remaining pod may still take, in seconds. */
  readonly graceSeconds: number;
}

/**
 * Starts the controller that empties terminating namespaces and then lets them go. What remains and why is told
 * in the namespace's conditions, in the real controller's words.
 */
export function startNamespaceController(environment: Environment): void {
  const { caches, client, clock } = environment;
  const namespaces = caches.follow<Namespace>(NAMESPACES);
  const definitions = followDefinitions(caches);

  const controller = runController(environment, {
    name: "namespace-controller",
    workers: 10,
    async reconcile(name, { write, enqueue }) {
      const namespace = namespaces.get(name);
      if (!namespace?.metadata.deletionTimestamp) return;
      if (!namespace.spec?.finalizers?.includes("kubernetes")) return;
      const remains = await empty(name, write);
      await describe(namespace, remains, write);
      if (remains.resources.size > 0) {
        enqueue(name, 1000 * (remains.graceSeconds > 0 ? Math.floor(remains.graceSeconds / 2) + 1 : 8));
        return;
      }
      const finalizers = namespace.spec.finalizers.filter((finalizer) => finalizer !== "kubernetes");
      // The version that was read may be older than the conditions just written.
      const { resourceVersion: _, ...metadata } = namespace.metadata;
      const released = { ...namespace, metadata, spec: { ...namespace.spec, finalizers } };
      try {
        await client.update(NAMESPACES, released, { subresource: "finalize" });
      } catch (error) {
        if (!isApiError(error, 404)) throw error;
      }
    },
  });
  namespaces.onChange(({ type, object: { metadata } }) => {
    if (type !== "deleted" && metadata.deletionTimestamp) controller.enqueue(metadata.name, SETTLING_MS);
  });

  /** Deletes everything that is in the namespace and counts what is left afterwards. */
  async function empty(namespace: string, write: Writer): Promise<Remains> {
    const types = [...deletableBuiltins, ...definitions.list().map(resourceOf)].filter(
      (type): type is ResourceType => type?.namespaced === true,
    );
    // Pods go first and are waited for, so that what they use is not taken from under them.
    types.sort((a, b) => Number(b === PODS) - Number(a === PODS));
    const resources = new Map<string, number>();
    const finalizers = new Map<string, number>();
    let graceSeconds = 0;
    for (const type of types) {
      const before = await listIn(type, namespace);
      const doomed = before.filter(({ metadata }) => !metadata.deletionTimestamp);
      for (const object of doomed) await write.delete(type, object, { propagationPolicy: "Background" });
      const left = doomed.length > 0 ? await listIn(type, namespace) : before;
      if (left.length === 0) continue;
      resources.set(type.group ? `${type.resource}.${type.group}` : `${type.resource}.`, left.length);
      for (const object of left) {
        for (const finalizer of object.metadata.finalizers ?? []) {
          finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
        }
        if (type === PODS) {
          graceSeconds = Math.max(graceSeconds, (object as Pod).metadata.deletionGracePeriodSeconds ?? 0);
        }
      }
      if (type === PODS) break;
    }
    return { resources, finalizers, graceSeconds };
  }

  async function listIn(type: ResourceType, namespace: string): Promise<KubernetesObject[]> {
    try {
      return (await client.list(type, { namespace })).items;
    } catch (error) {
      // Its CRD has just gone.
      if (isApiError(error, 404)) return [];
      throw error;
    }
  }

  async function describe(namespace: Namespace, remains: Remains, write: Writer): Promise<void> {
    const conditions = namespaceConditions(remains, namespace.status?.conditions, clock.now());
    if (canonicalJson(conditions) === canonicalJson(namespace.status?.conditions ?? [])) return;
    const patch = { status: { conditions } };
    try {
      await write.patch(NAMESPACES, namespace, { type: "merge", patch }, "status");
    } catch (error) {
      if (!isApiError(error, 404)) throw error;
    }
  }
}

/** The five conditions of a terminating namespace. */
export function namespaceConditions(
  { resources, finalizers }: Pick<Remains, "resources" | "finalizers">,
  current: readonly Condition[] = [],
  now: number,
): Condition[] {
  const list = (counts: ReadonlyMap<string, number>, describe: (name: string, count: number) => string) =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => describe(name, count))
      .join(", ");
  const remaining = list(resources, (name, count) => `${name} has ${count} resource instances`);
  const held = list(finalizers, (name, count) => `${name} in ${count} resource instances`);
  const build = (type: string, reason: string, message: string, status = "False"): Condition => {
    const before = conditionOf({ conditions: [...current] }, type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    return { type, status, lastTransitionTime: since ?? formatTime(now), reason, message };
  };
  return [
    build(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    build(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    build(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    remaining
      ? build(
          "NamespaceContentRemaining",
          "SomeResourcesRemain",
          `Some resources are remaining: ${remaining}`,
          "True",
        )
      : build("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    held
      ? build(
          "NamespaceFinalizersRemaining",
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${held}`,
          "True",
        )
      : build(
          "NamespaceFinalizersRemaining",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ),
  ];
}
