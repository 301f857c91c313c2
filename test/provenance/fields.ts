// Every scalar of a build's output with the places that its history names.
import { type BuildResult, type BuiltResource, explainField, type FieldMoment } from "@slipway/kustomize";
import { isScalar, type SourcePosition, type YamlNode } from "@slipway/yaml";

/** One scalar of the output. */
export interface Field {
  /** The object that holds it, by where it is written and which kustomizations it passed. */
  readonly object: string;
  /** Keys and indexes, in JSON. */
  readonly path: string;
  readonly node: YamlNode;
}

/** A place in a file and the value that stood there at that moment. */
export interface Place extends SourcePosition {
  readonly key: string;
  readonly moment: FieldMoment;
}

/** Objects by what stays the same when a value of theirs is changed. */
export function objectsOf(result: BuildResult): Map<string, BuiltResource> {
  const objects = new Map<string, BuiltResource>();
  for (const resource of result.resources) {
    const { file, line } = resource.origin;
    const base = `${file}:${line} ${resource.trail.join(" ")}`;
    let key = base;
    for (let copy = 2; objects.has(key); copy++) key = `${base} #${copy}`;
    objects.set(key, resource);
  }
  return objects;
}

/** All scalars of an object, and maps and lists that are empty, by path. */
export function fieldsOf(object: string, root: YamlNode): Map<string, Field> {
  const fields = new Map<string, Field>();
  const visit = (node: YamlNode, path: readonly (string | number)[]) => {
    if (isScalar(node) || node.children.length === 0) {
      const text = JSON.stringify(path);
      fields.set(text, { object, path: text, node });
      return;
    }
    node.children.forEach((child, index) => {
      visit(child, [...path, node.type === "map" ? child.key : index]);
    });
  };
  visit(root, []);
  return fields;
}

/** The place that decides a field's value: that of its last step, or of the field from which that step took it. */
export function decidingPlace(node: YamlNode): Place | undefined {
  const moments = explainField(node);
  const last = moments.at(-1);
  for (const { node: source } of last?.from ?? []) {
    const [leaf] = leavesOf(source);
    if (leaf) return decidingPlace(leaf);
  }
  return last?.position && placeAt(last.position, last);
}

/** The places of a field's own history, oldest first. */
export function placesOf(node: YamlNode): Place[] {
  return explainField(node).flatMap((moment) => (moment.position ? [placeAt(moment.position, moment)] : []));
}

/** Every place that a field's history names, also those of the fields from which its steps took values. */
export function namedPlaces(node: YamlNode, known = new Map<YamlNode, Set<string>>()): Set<string> {
  const before = known.get(node);
  if (before) return before;
  const places = new Set<string>();
  known.set(node, places);
  for (const moment of explainField(node)) {
    if (moment.position) places.add(placeAt(moment.position, moment).key);
    for (const { node: source } of moment.from ?? []) {
      for (const leaf of leavesOf(source)) for (const place of namedPlaces(leaf, known)) places.add(place);
    }
  }
  return places;
}

function placeAt(position: SourcePosition, moment: FieldMoment): Place {
  return { ...position, moment, key: `${position.file}:${position.line}:${position.column}` };
}

function leavesOf(node: YamlNode): YamlNode[] {
  return isScalar(node) ? [node] : node.children.flatMap(leavesOf);
}
