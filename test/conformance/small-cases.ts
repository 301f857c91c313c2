// Cases for the merge of two trees and for the expansion of vars.
import { printNode, readNode, type ScalarType } from "@slipway/yaml";
import { builtInSchema } from "../../packages/kustomize/src/merge/merge-schema.ts";
import { mergeNodes } from "../../packages/kustomize/src/merge/strategic-merge.ts";
import { expand } from "../../packages/kustomize/src/transformers/vars.ts";
import type { ConformanceCase } from "./cases.ts";

/** Merges `source` into `dest`. */
export function runMergeCase(one: ConformanceCase): string {
  const target = readNode(one.dest ?? "", { dialect: "kustomize" });
  const patch = readNode(one.source ?? "", { dialect: "kustomize" });
  const merged = mergeNodes(target, patch, undefined, {
    lookup: builtInSchema,
    step: { kind: "strategic-merge", at: null },
    infer: one.infer ?? false,
    append: one.options?.ListIncreaseDirection === "append",
  });
  return merged === null ? "" : printNode(merged);
}

/** Expands `input` with `vars`. */
export function runVarCase(one: ConformanceCase): string {
  const values = new Map(
    Object.entries(one.vars ?? {}).map(([name, value]) => {
      const type: ScalarType =
        typeof value === "boolean" ? "boolean" : typeof value === "number" ? "integer" : "string";
      return [name, { text: String(value), type }] as const;
    }),
  );
  return expand(one.input ?? "", values, new Set()).text;
}
