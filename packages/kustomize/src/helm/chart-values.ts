// The values that a chart is inflated with: a file's, an entry's own, or both.
import { collectionNode, printNode, readNode, type YamlNode } from "@slipway/yaml";
import { textOf } from "../loaded-file.ts";
import { type Loader, loadFile } from "../loader.ts";
import { builtInSchema } from "../merge/merge-schema.ts";
import { mergeNodes } from "../merge/strategic-merge.ts";
import { failure } from "../problem.ts";
import type { Step } from "../step.ts";
import type { Chart } from "./chart.ts";

const ways = ["merge", "override", "replace"];

/** The text of the values; `file` is where they lie unless the entry names a file. */
export function chartValues(chart: Chart, file: string, loader: Loader): string {
  const { valuesInline: inline, valuesMerge } = chart;
  const way = valuesMerge || "override";
  if (!ways.includes(way)) {
    throw failure("wrong-chart", `valuesMerge must be one of ${ways.join(", ")}, not ${way}`, {
      node: chart.node,
    });
  }
  const hasOwn = inline !== undefined && inline.children.length > 0;
  if (hasOwn && way === "replace") return printNode(inline);
  const loaded = loadFile(loader, chart.valuesFile || file, chart.node);
  if (!hasOwn) return textOf(loaded);
  const values = readNode(textOf(loaded), { file: loaded.path, dialect: "kustomize" });
  const step: Step = { kind: "generator", at: chart.node };
  const [target, patch]: [YamlNode, YamlNode] = way === "override" ? [values, inline] : [inline, values];
  const merged = mergeNodes(target, patch, undefined, { lookup: builtInSchema, step, append: true });
  return printNode(merged ?? collectionNode("map"));
}
