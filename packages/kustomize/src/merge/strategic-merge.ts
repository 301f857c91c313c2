// Strategic merge patches as kustomize applies them (kyaml/yaml/merge2 and walk).
import { getChild, isScalar, removeChild, type YamlNode } from "@slipway/yaml";
import { failure } from "../problem.ts";
import { keepStyle, quoteLookAlike, replaceNode } from "../set-value.ts";
import type { Step } from "../step.ts";
import { isEmptied } from "../unprintable.ts";
import { commentSchema } from "./comment-schema.ts";
import { takeDirective } from "./directive.ts";
import { mergeLists } from "./merge-list.ts";
import { type MergeSchema, type SchemaLookup, schemaOf } from "./merge-schema.ts";

/** What a merge needs to know beside the two trees. */
export interface MergeContext {
  readonly lookup: SchemaLookup;
  readonly step: Step;
  /** Merge lists without a schema by `name`, when all items have one. */
  readonly infer?: boolean;
  /** Takes the maps and lists of which a merge leaves nothing. */
  readonly emptied?: YamlNode[];
  /** Where items that only the patch has go; kustomize puts them first. */
  readonly append?: boolean;
}

/**
 * Merges a patch into a tree and returns the result: the changed tree, the patch itself where it replaces,
 * or null where it deletes. Both arguments are used up.
 */
export function mergeNodes(
  target: YamlNode | null,
  patch: YamlNode | null,
  known: MergeSchema | undefined,
  context: MergeContext,
): YamlNode | null {
  const schema =
    known ?? schemaOf(nonNull(target), context.lookup) ?? schemaOf(nonNull(patch), context.lookup);
  const leading = nonNull(target) ?? nonNull(patch);
  // An empty map or list leaves its braces or brackets to what is put into it (kyaml/yaml/merge2 `SetStyle`).
  if (target?.children.length === 0 && patch !== null && !isScalar(target)) target.flow = patch.flow;
  if (leading === null || leading.type === "map") {
    refuseOtherKind(target, patch, "map");
    return mergeMaps(target, patch, schema, context);
  }
  if (leading.type === "list") {
    refuseOtherKind(target, patch, "list");
    if (mergesItems(schema, target, patch, context)) return mergeLists(target, patch, schema, context);
    return patch ?? target;
  }
  for (const node of [target, patch]) {
    if (node !== null && node.type !== "null" && !isScalar(node)) throw kindMismatch(target, patch, "scalar");
  }
  return patch ?? target;
}

function mergeMaps(
  target: YamlNode | null,
  patch: YamlNode | null,
  schema: MergeSchema | undefined,
  context: MergeContext,
): YamlNode | null {
  const base = chooseMap(target, patch);
  if (base === null || base.type !== "map") return base;
  // What is taken from the patch as a whole is walked once more, so that its own nulls and directives act.
  const patched = new Map((patch?.children ?? []).map((child) => [child.key, child]));
  for (const child of [...base.children]) {
    const change = patched.get(child.key) ?? null;
    patched.delete(child.key);
    mergeField(base, child.key, child, change, schema, context);
  }
  for (const [key, change] of patched) mergeField(base, key, null, change, schema, context);
  if (isEmptied(base)) context.emptied?.push(base);
  return base;
}

/** Merges one entry and puts the result into its place. */
function mergeField(
  map: YamlNode,
  key: string,
  target: YamlNode | null,
  patch: YamlNode | null,
  schema: MergeSchema | undefined,
  context: MergeContext,
): void {
  if (patch === null && target !== null && isScalar(target) && target.type !== "null") {
    quoteLookAlike(target);
    return;
  }
  const { named } = context.lookup;
  const own = commentSchema(target, named) ?? commentSchema(patch, named) ?? schema?.field(key);
  const result = mergeNodes(target, patch, own, context);
  if (result === null || (result.type === "null" && patch !== null)) {
    removeChild(map, key);
    return;
  }
  if (result === target) return;
  quoteLookAlike(result);
  if (target !== null) {
    keepStyle(result, target);
    replaceNode(target, result, context.step);
    return;
  }
  result.key = key;
  result.change = { cause: context.step, before: null };
  map.children.push(result);
}

/** Which of the two goes on as the map that is merged into; null when it is deleted. */
function chooseMap(target: YamlNode | null, patch: YamlNode | null): YamlNode | null {
  if (target === null || target.type === "null") {
    if (patch !== null && patch.type !== "null" && takeDirective(patch) === "delete") return null;
    // A null written out in the base survives; one left empty does not.
    if (patch === null && target !== null && target.text !== "") return target;
    return patch;
  }
  if (patch?.type === "null") return null;
  switch (takeDirective(patch)) {
    case "delete":
      return null;
    case "replace":
      return patch;
    case "merge":
      return target;
  }
}

function mergesItems(
  schema: MergeSchema | undefined,
  target: YamlNode | null,
  patch: YamlNode | null,
  context: MergeContext,
): boolean {
  if (schema) return schema.mergeKeys !== undefined;
  if (!context.infer) return false;
  return [target, patch].some(
    (list) => list?.type === "list" && list.children.every((item) => getChild(item, "name") !== undefined),
  );
}

function nonNull(node: YamlNode | null): YamlNode | null {
  return node === null || node.type === "null" ? null : node;
}

function refuseOtherKind(target: YamlNode | null, patch: YamlNode | null, type: "map" | "list"): void {
  for (const node of [target, patch]) {
    if (node !== null && node.type !== "null" && node.type !== type) throw kindMismatch(target, patch, type);
  }
}

function kindMismatch(target: YamlNode | null, patch: YamlNode | null, expected: string): Error {
  const found = patch?.type === "map" || patch?.type === "list" ? `a ${patch.type}` : "a scalar";
  const article = target?.type === "map" || target?.type === "list" ? `a ${target.type}` : `a ${expected}`;
  return failure("wrong-kind", `the patch has ${found} where the resource has ${article}`, { node: patch });
}
