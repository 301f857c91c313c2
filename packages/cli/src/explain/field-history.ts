// A field's history as it is shown: places in the release's files, values with the data of Secrets hidden.
import { explainField, type FieldMoment, type FieldPart } from "@slipway/kustomize";
import { isScalar, type Json, type YamlNode } from "@slipway/yaml";
import type { Conceal } from "./conceal.ts";
import { partsOf } from "./locate-field.ts";

/** One moment of a field's history. Lines of source are left out: they may hold what is to be hidden. */
export interface ShownMoment {
  readonly step: FieldMoment["kind"];
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The value afterwards; not for maps and lists. */
  readonly value?: Json;
}

/** How to show what belongs to one object. */
export interface ShowOptions {
  readonly kind: string;
  readonly conceal: Conceal;
  readonly nameFile: (file: string) => string;
}

/** A field's history, oldest first. */
export function historyOf(node: YamlNode, path: readonly FieldPart[], options: ShowOptions): ShownMoment[] {
  const { kind, conceal, nameFile } = options;
  return explainField(node).map((moment) => ({
    step: moment.kind,
    ...(moment.position ? { ...moment.position, file: nameFile(moment.position.file) } : {}),
    ...(moment.value === undefined ? {} : { value: conceal(moment.value, kind, path) }),
  }));
}

/** Every scalar under a node with its path, in the order of the source. */
export function leavesOf(
  node: YamlNode,
  path: readonly FieldPart[],
): { node: YamlNode; path: FieldPart[] }[] {
  const parts = partsOf(node);
  return node.children.flatMap((child, index) => {
    const childPath = [...path, parts[index] ?? index];
    return isScalar(child) ? [{ node: child, path: childPath }] : leavesOf(child, childPath);
  });
}

const words: Readonly<Partial<Record<FieldMoment["kind"], string>>> = {
  source: "written",
  generator: "generated",
  hash: "hash suffix",
  images: "image override",
  "json-patch": "JSON patch",
  "name-reference": "follows a name",
  "strategic-merge": "patch",
};

/** The step in words. */
export function wordFor(step: FieldMoment["kind"]): string {
  return words[step] ?? step;
}

/** `file:line`, or that no file says so. */
export function placeOf({ file, line }: ShownMoment): string {
  return file === undefined ? "(computed)" : `${file}:${line}`;
}
