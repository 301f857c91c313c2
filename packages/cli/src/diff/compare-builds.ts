// What differs between two builds, object by object, with where each side has it from.
import type { FieldPart } from "@slipway/kustomize";
import { type Json, nodeToJson, type YamlNode } from "@slipway/yaml";
import { createConceal } from "../explain/conceal.ts";
import { historyOf, type ShownMoment } from "../explain/field-history.ts";
import { formatFieldPath } from "../input/field-path.ts";
import { compareTrees, type TreeChange } from "./compare-trees.ts";
import type { BuildSide, BuiltObject } from "./open-build.ts";

/** A field's value on one side and the last step that made it so. */
export interface FieldSide extends Omit<ShownMoment, "value"> {
  readonly value: Json;
}

/** One field that differs. */
export interface FieldChange {
  readonly field: string;
  readonly before?: FieldSide;
  readonly after?: FieldSide;
}

/** An object that is only on one side, with the place where it is written, or one whose fields differ. */
export type ObjectChange =
  | {
      readonly change: "added" | "removed";
      readonly object: string;
      readonly file: string;
      readonly line: number;
    }
  | {
      readonly change: "changed";
      readonly object: string;
      /** What it is called afterwards, when that differs: the hash of its content is another. */
      readonly renamedTo?: string;
      readonly fields: readonly FieldChange[];
    };

/** Every change from one build to another, in the order in which the first prints; what was added comes last. */
export function compareBuilds(before: BuildSide, after: BuildSide): readonly ObjectChange[] {
  const conceal = createConceal();
  const sideOf = (side: BuildSide, node: YamlNode, kind: string, path: readonly FieldPart[]): FieldSide => {
    const last = historyOf(node, path, { kind, conceal, nameFile: side.nameFile }).at(-1);
    return { step: "source", ...last, value: conceal(nodeToJson(node), kind, path) };
  };
  const toFieldChange = (change: TreeChange, kind: string): FieldChange => ({
    field: formatFieldPath(change.path),
    ...(change.before ? { before: sideOf(before, change.before, kind, change.path) } : {}),
    ...(change.after ? { after: sideOf(after, change.after, kind, change.path) } : {}),
  });
  const changed = [...before.objects].flatMap(([key, object]): ObjectChange[] => {
    const other = after.objects.get(key);
    if (!other) return [whole("removed", object)];
    const fields = compareTrees(object.root, other.root).map((change) => toFieldChange(change, object.kind));
    if (fields.length === 0) return [];
    const renamed = object.name === other.name ? {} : { renamedTo: other.name };
    return [{ change: "changed", object: object.name, ...renamed, fields }];
  });
  const added = [...after.objects].filter(([key]) => !before.objects.has(key));
  return [...changed, ...added.map(([, object]) => whole("added", object))];
}

function whole(change: "added" | "removed", { name, origin }: BuiltObject): ObjectChange {
  return { change, object: name, file: origin.file, line: origin.line };
}
