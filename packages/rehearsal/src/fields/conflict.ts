// The refusal of an apply that would change fields of other managers, in the server's words.
import { StatusError } from "../server/status-error.ts";
import { type FieldSet, listPaths } from "./field-set.ts";
import type { ManagedEntry } from "./managed-entries.ts";
import { comparePathElements, formatPathElement } from "./path-element.ts";

/** Paths that an apply would change although this manager owns them. */
export interface Conflict {
  readonly entry: ManagedEntry;
  readonly set: FieldSet;
}

/** 409 Conflict with a cause for each path. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const groups = conflicts
    .map(({ entry, set }) => ({ manager: describeManager(entry), paths: sortedPaths(set) }))
    .sort((a, b) => (a.manager < b.manager ? -1 : 1));
  const causes = groups.flatMap(({ manager, paths }) =>
    paths.map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${manager}`,
      field: path,
    })),
  );
  const only = causes.length === 1 ? causes[0] : undefined;
  const text = only
    ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
    : `Apply failed with ${causes.length} conflicts: ${groups
        .flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)])
        .join("\n")}`;
  return new StatusError(409, "Conflict", text, { causes });
}

function describeManager(entry: ManagedEntry): string {
  const subresource = entry.subresource ? ` with subresource "${entry.subresource}"` : "";
  const using = entry.operation === "Update" ? ` using ${entry.apiVersion}` : "";
  return `"${entry.manager}"${subresource}${using}`;
}

function sortedPaths(set: FieldSet): string[] {
  return listPaths(set)
    .sort(comparePaths)
    .map((path) => path.map(formatPathElement).join(""));
}

/** At every level first what ends there and then what goes deeper, as structured-merge-diff walks through a set. */
function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = comparePathElements(a[i] as string, b[i] as string);
    if (order === 0) continue;
    const [ends, otherEnds] = [i === a.length - 1, i === b.length - 1];
    return ends === otherEnds ? order : ends ? -1 : 1;
  }
  return a.length - b.length;
}
