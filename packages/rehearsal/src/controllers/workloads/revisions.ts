// ControllerRevisions: the templates that a StatefulSet or a DaemonSet has had (pkg/controller/history).
import { isApiError, type KubernetesObject } from "@slipway/kubernetes";
import type { StringMap } from "../kinds/meta.ts";
import type { PodTemplate } from "../kinds/pod.ts";
import type { ControllerRevision } from "../kinds/workload.ts";
import { CONTROLLER_REVISIONS } from "../resources.ts";
import type { Cache } from "../runtime/cache.ts";
import { controllerReference, uidOf } from "../runtime/owners.ts";
import type { Writer } from "../runtime/writer.ts";
import { canonicalJson, hashTemplate } from "../template-hash.ts";

/** A workload whose template is kept in revisions. */
export interface RevisedWorkload extends KubernetesObject {
  spec: { template: PodTemplate; revisionHistoryLimit?: number } & KubernetesObject["spec"];
}

/** How a controller keeps its revisions. */
export interface RevisionOptions {
  readonly cache: Cache<ControllerRevision>;
  readonly write: Writer;
  /** The label that carries the hash of a revision. */
  readonly hashLabel: string;
}

/** The revision of the workload's present template, made or renumbered when it is not the newest. */
export async function ensureRevision(
  workload: RevisedWorkload,
  { cache, write, hashLabel }: RevisionOptions,
): Promise<{ readonly current: ControllerRevision; readonly all: readonly ControllerRevision[] }> {
  const all = cache.ownedBy(uidOf(workload)).sort((a, b) => a.revision - b.revision);
  const data = { spec: { template: { ...workload.spec.template, $patch: "replace" } } };
  const newest = all.at(-1);
  const same = all.find((revision) => canonicalJson(revision.data) === canonicalJson(data));
  if (same && same === newest) return { current: same, all };
  const number = (newest?.revision ?? 0) + 1;
  if (same) {
    const renumbered = await write.update(CONTROLLER_REVISIONS, { ...same, revision: number });
    return { current: renumbered, all: [...all.filter((revision) => revision !== same), renumbered] };
  }
  const { name, namespace } = workload.metadata;
  for (let collisions = 0; ; collisions += 1) {
    const hash = hashTemplate(workload.spec.template, collisions);
    const revision: ControllerRevision = {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace ? { namespace } : {}),
        labels: { ...workload.spec.template.metadata?.labels, [hashLabel]: hash },
        ...(workload.metadata.annotations ? { annotations: copied(workload.metadata.annotations) } : {}),
        ownerReferences: [controllerReference(workload)],
      },
      data,
      revision: number,
    };
    try {
      const created = await write.create(CONTROLLER_REVISIONS, revision);
      return { current: created, all: [...all, created] };
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
  }
}

/** Deletes revisions beyond the history limit that no pod has any more. */
export async function forgetRevisions(
  workload: RevisedWorkload,
  {
    all,
    inUse,
    write,
  }: {
    readonly all: readonly ControllerRevision[];
    readonly inUse: (revision: ControllerRevision) => boolean;
    readonly write: Writer;
  },
): Promise<void> {
  const unused = all.filter((revision) => !inUse(revision));
  const surplus = unused.length - (workload.spec.revisionHistoryLimit ?? 10);
  for (const revision of unused.slice(0, Math.max(0, surplus)))
    await write.delete(CONTROLLER_REVISIONS, revision);
}

/** The template that a revision holds. */
export function templateOf({ data }: ControllerRevision): PodTemplate | undefined {
  const spec = data?.spec as { template?: PodTemplate } | undefined;
  if (!spec?.template) return undefined;
  const { $patch: _, ...template } = spec.template;
  return template as PodTemplate;
}

function copied(annotations: StringMap): StringMap {
  const { "kubectl.kubernetes.io/last-applied-configuration": _, ...rest } = annotations;
  return rest;
}
