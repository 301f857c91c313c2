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
import type { Step, StepKind } from "./step.ts";

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

/** A field's history, oldest first. */
export function explainField(node: YamlNode): FieldMoment[] {
  const moments: FieldMoment[] = [];
  for (let current: YamlNode | null = node; current; current = current.change?.before ?? null) {
    moments.push(momentOf(current));
    if (current.change && !current.change.before && isWritten(current)) break;
  }
  return moments.reverse();
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
  };
}

/** True when the value itself is written in a file at this moment, rather than computed from what was before. */
function isWritten(node: YamlNode): boolean {
  if (node.source === null) return false;
  const before = node.change?.before;
  return !before || before.source !== node.source || before.offset !== node.offset;
}
