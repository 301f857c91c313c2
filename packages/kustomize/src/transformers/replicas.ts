// `replicas`: how many pods a workload runs.
import { visitFields } from "../field-spec.ts";
import { isSelectedBy, printGvk } from "../identity.ts";
import type { ReplicaEntry } from "../kustomization.ts";
import { failure } from "../problem.ts";
import type { Resource } from "../resource.ts";
import { findByAnyId } from "../resource-list.ts";
import { setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import type { FieldSpec } from "../transformer-config.ts";

export interface ReplicaOptions {
  readonly replica: ReplicaEntry;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly step: Step;
}

/** Sets the count; a name that no workload has is an error. */
export function applyReplicas(resources: readonly Resource[], options: ReplicaOptions): void {
  const { replica, fieldSpecs, step } = options;
  const name = replica.name ?? "";
  let found = false;
  for (const spec of fieldSpecs) {
    for (const resource of findByAnyId(resources, (id) => id.name === name && isSelectedBy(id, spec))) {
      found = true;
      visitFields(resource.root, spec, {
        set: (node) => setScalar(node, String(replica.count ?? 0), step, "integer"),
        create: "scalar",
        createType: "integer",
        step,
      });
    }
  }
  if (found) return;
  throw failure(
    "no-match",
    `resource with name ${name} does not match a config with the following GVK [${fieldSpecs.map(printGvk).join(" ")}]`,
    { node: replica.node },
  );
}
