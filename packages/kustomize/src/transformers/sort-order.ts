// The order in which objects are printed.

import { type Gvk, printGvk, type ResourceId, sameGvk } from "../identity.ts";
import type { SortOptions } from "../kustomization.ts";
import { failure } from "../problem.ts";
import { currentId, type Resource } from "../resource.ts";
import { defaultKindOrder } from "../transformer-config.ts";

/** kustomize's legacy order: by kind, then by group, version and kind as text, then by namespace and name. */
export interface LegacyOrder {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** The order that a kustomization asks for; null for that of the files. */
export function orderOf(options: SortOptions): LegacyOrder | null {
  const legacy = options.legacySortOptions;
  if (options.order === "legacy") {
    if (legacy === undefined) return defaultKindOrder;
    return { first: legacy.orderFirst ?? [], last: legacy.orderLast ?? [] };
  }
  if (options.order !== "fifo") {
    throw failure("wrong-order", "the field 'sortOptions.order' must be one of [fifo, legacy]", {
      node: options.node,
    });
  }
  if (legacy === undefined) return null;
  throw failure(
    "wrong-order",
    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
    { node: legacy.node },
  );
}

/** The objects in legacy order. */
export function sortLegacy(
  resources: readonly Resource[],
  order: LegacyOrder = defaultKindOrder,
): Resource[] {
  const ranks = new Map<string, number>();
  order.first.forEach((kind, index) => {
    ranks.set(kind, index - order.first.length);
  });
  order.last.forEach((kind, index) => {
    ranks.set(kind, index + 1);
  });
  const keyed = resources.map((resource) => {
    const id = currentId(resource);
    return { resource, id, rank: ranks.get(id.kind) ?? 0, gvk: gvkText(id), text: idText(id) };
  });
  keyed.sort((left, right) => {
    if (sameGvk(left.id, right.id)) return compareBytes(left.text, right.text);
    if (left.rank !== right.rank) return left.rank - right.rank;
    const isNamespace = left.id.kind === "Namespace" && right.id.kind === "Namespace";
    const order = compareBytes(left.gvk, right.gvk);
    return isNamespace && (left.id.group === "" || right.id.group === "") ? -order : order;
  });
  return keyed.map((entry) => entry.resource);
}

function gvkText(gvk: Gvk): string {
  return `${gvk.group || "~G"}_${gvk.version || "~V"}_${gvk.kind || "~K"}`;
}

function idText(id: ResourceId): string {
  return `${printGvk(id)}|${id.namespace || "~X"}|${id.name || "~N"}`;
}

function compareBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
