// The merge key `<<` of YAML 1.1.
import { cloneNode, positionOf, sourceLineOf, type YamlNode } from "./node.ts";
import { ProblemError } from "./problem.ts";

/**
 * Replaces `<<` entries by the entries of the maps they name. What the map itself says wins; of several
 * merged maps the first wins.
 */
export function expandMergeKeys(map: YamlNode): void {
  const merged = map.children.filter((child) => child.key === "<<");
  map.children = map.children.filter((child) => child.key !== "<<");
  const known = new Set(map.children.map((child) => child.key));
  for (const entry of merged) {
    for (const source of mapsOf(entry)) {
      for (const child of source.children) {
        if (known.has(child.key)) continue;
        known.add(child.key);
        map.children.push(cloneNode(child));
      }
    }
  }
}

function mapsOf(entry: YamlNode): YamlNode[] {
  if (entry.type === "map") return [entry];
  if (entry.type === "list" && entry.children.every((item) => item.type === "map")) return entry.children;
  const position = positionOf(entry);
  const sourceLine = sourceLineOf(entry);
  throw new ProblemError({
    code: "yaml/unsupported",
    message: "a merge key (<<) takes a map or a list of maps",
    ...(position ? { position } : {}),
    ...(sourceLine === undefined ? {} : { sourceLine }),
  });
}
