// The ReplicaSets of a Deployment: which is whose revision, and what a new one looks like.
import type { StringMap } from "../kinds/meta.ts";
import type { PodTemplate } from "../kinds/pod.ts";
import type { Deployment, ReplicaSet } from "../kinds/workload.ts";
import { controllerReference } from "../runtime/owners.ts";
import { canonicalJson, hashTemplate } from "../template-hash.ts";
import { byAge, replicasOf, resolveLimits } from "./rolling-update.ts";

const HASH_LABEL = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

/** Annotations of a Deployment that are about it alone and are not copied to its ReplicaSets. */
const NOT_COPIED = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  "deprecated.deployment.rollback.to",
]);

/** The ReplicaSet of the Deployment's present template; the oldest where there are several. */
export function findNewSet(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const wanted = canonicalJson(withoutHash(deployment.spec.template));
  return [...sets].sort(byAge).find((set) => canonicalJson(withoutHash(set.spec.template)) === wanted);
}

/** The number of a ReplicaSet's revision; 0 when it has none. */
export function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** The ReplicaSet that a Deployment makes for its present template. */
export function buildReplicaSet(
  deployment: Deployment,
  { replicas, revision }: { readonly replicas: number; readonly revision: number },
): ReplicaSet {
  const { metadata, spec } = deployment;
  const hash = hashTemplate(spec.template, deployment.status?.collisionCount ?? 0);
  const labels = { ...spec.template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
      labels,
      annotations: scaleAnnotations(deployment, {
        ...copiedAnnotations(deployment),
        [REVISION]: String(revision),
      }),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

/**
 * An existing ReplicaSet brought up to its Deployment's annotations, revision and readiness time; the same
 * object when nothing differs.
 */
export function refreshReplicaSet(deployment: Deployment, set: ReplicaSet, revision: number): ReplicaSet {
  const annotations: StringMap = { ...set.metadata.annotations, ...copiedAnnotations(deployment) };
  const before = revisionOf(set);
  if (before < revision) {
    annotations[REVISION] = String(revision);
    if (before > 0) {
      const history = annotations[REVISION_HISTORY];
      annotations[REVISION_HISTORY] = history ? `${history},${before}` : String(before);
    }
  }
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const sameTime = (set.spec.minReadySeconds ?? 0) === minReadySeconds;
  if (sameTime && canonicalJson(annotations) === canonicalJson(set.metadata.annotations ?? {})) return set;
  return { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, minReadySeconds } };
}

/** The ReplicaSet with other replicas and the Deployment's own size noted on it; the same when nothing differs. */
export function scaleReplicaSet(deployment: Deployment, set: ReplicaSet, replicas: number): ReplicaSet {
  const annotations = scaleAnnotations(deployment, set.metadata.annotations ?? {});
  const sameNotes = canonicalJson(annotations) === canonicalJson(set.metadata.annotations ?? {});
  if (replicas === replicasOf(set) && sameNotes) return set;
  return { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas } };
}

/** Whether a ReplicaSet was last scaled for another size of its Deployment. */
export function wasResized(deployment: Deployment, set: ReplicaSet): boolean {
  const desired = set.metadata.annotations?.[DESIRED_REPLICAS];
  return replicasOf(set) > 0 && desired !== undefined && Number(desired) !== replicasOf(deployment);
}

function scaleAnnotations(deployment: Deployment, annotations: StringMap): StringMap {
  const replicas = replicasOf(deployment);
  return {
    ...annotations,
    [DESIRED_REPLICAS]: String(replicas),
    [MAX_REPLICAS]: String(replicas + resolveLimits(deployment).maxSurge),
  };
}

function copiedAnnotations(deployment: Deployment): StringMap {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([key]) => !NOT_COPIED.has(key)));
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
