// Where a field's value comes from: the place that first set it, then each step that changed it.
import {
  getChild,
  isScalar,
  type Json,
  nodeToJson,
  positionOf,
  type SourcePosition,
  sourceLineOf,
  type YamlNode,
} from "@slipway/yaml";
import type { Step, StepKind, StepSource } from "./step.ts";

/** One moment in a field's history. */
export interface FieldMoment {
  /** What happened: `source` is the place that first set it, all else a step of the build. */
  readonly kind: "source" | StepKind;
  /** The place that says so: of the value where it is written there, else of the entry that asked for it. */
  readonly position?: SourcePosition;
  /** The line of source at that place. */
  readonly sourceLine?: string;
  /** The value afterwards; undefined for maps and lists, whose parts have histories of their own. */
  readonly value?: Json;
  /** The fields that the value was taken from, for steps that copy or compute. */
  readonly from?: readonly StepSource[];
}

/** One part of a path: a key, an index, or `{ key, value }` for the list item whose key has that value. */
export type FieldPart = string | number | { readonly key: string; readonly value: string };

/** The field at a path of an object's tree; undefined when there is none. */
export function findField(root: YamlNode, path: readonly FieldPart[]): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const part of path) {
    if (node === undefined) return undefined;
    if (typeof part === "string") node = getChild(node, part);
    else if (typeof part === "number") node = node.type === "list" ? node.children[part] : undefined;
    else node = node.children.find((item) => getChild(item, part.key)?.text === part.value);
  }
  return node;
}

/**
 * A field's history, oldest first. With the object's root, a field that came as part of a larger one is told
 * as a part of the step that brought it.
 */
export function explainField(node: YamlNode, root?: YamlNode): FieldMoment[] {
  const moments: FieldMoment[] = [];
  for (let current: YamlNode | null = node; current; current = current.change?.before ?? null) {
    moments.push(momentOf(current));
    if (current.change && !current.change.before && isWritten(current)) break;
  }
  moments.reverse();
  const [first] = moments;
  if (root !== undefined && first?.kind === "source") {
    const step = stepOfPart(oldest(node), ancestorsOf(root, node));
    if (step) moments[0] = { ...first, kind: step.kind };
  }
  return moments;
}

function oldest(node: YamlNode): YamlNode {
  let first = node;
  while (first.change?.before) first = first.change.before;
  return first;
}

/** The step that brought the map or list in which a field was written: a patch that adds it, for instance. */
function stepOfPart(node: YamlNode, ancestors: readonly YamlNode[]): Step | undefined {
  const carrier = ancestors.find(({ source, change }) => change !== null && source === node.source);
  return carrier?.source ? (carrier.change?.cause as Step) : undefined;
}

/** The nodes around a node, the nearest first. */
function ancestorsOf(root: YamlNode, node: YamlNode): YamlNode[] {
  for (const child of root.children) {
    if (child === node) return [root];
    const found = ancestorsOf(child, node);
    if (found.length > 0) return [...found, root];
  }
  return [];
}

function momentOf(node: YamlNode): FieldMoment {
  const step = node.change ? (node.change.cause as Step) : null;
  const place = step && !isWritten(node) ? step.at : node;
  const position = positionOf(place ?? undefined);
  const sourceLine = sourceLineOf(place ?? undefined);
  return {
    kind: step?.kind ?? "source",
    ...(position ? { position } : {}),
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...(isScalar(node) ? { value: nodeToJson(node) } : {}),
    ...(step?.from && step.from.length > 0 ? { from: step.from } : {}),
  };
}

/** True when the value itself is written in a file at this moment, rather than computed from what was before. */
function isWritten(node: YamlNode): boolean {
  if (node.source === null) return false;
  const before = node.change?.before;
  return !before || before.source !== node.source || before.offset !== node.offset;
}
