// Visits the fields that a field spec names (kustomize: api/filters/fieldspec).
import { collectionNode, getChild, type ScalarType, scalarNode, type YamlNode } from "@slipway/yaml";
import { failure } from "./problem.ts";
import type { Step } from "./step.ts";
import type { FieldSpec } from "./transformer-config.ts";

/** What to do at each field, and what to make of one that is missing. */
export interface FieldVisit {
  readonly set: (node: YamlNode) => void;
  /** What is created at the end of the path, when the field spec allows it. */
  readonly create?: "scalar" | "map";
  /** The type that a null becomes before it is set. */
  readonly createType?: ScalarType;
  readonly step: Step;
}

/** True when the field spec is for objects of this kind. */
export function appliesTo(spec: FieldSpec, root: YamlNode): boolean {
  if (spec.kind !== "" && getChild(root, "kind")?.text !== spec.kind) return false;
  if (spec.group === "" && spec.version === "") return true;
  const apiVersion = getChild(root, "apiVersion")?.text ?? "";
  const slash = apiVersion.indexOf("/");
  if (spec.group !== "" && (slash < 0 ? "" : apiVersion.slice(0, slash)) !== spec.group) return false;
  return spec.version === "" || apiVersion.slice(slash + 1) === spec.version;
}

/** Calls `set` for each field of the object that the spec names. */
export function visitFields(root: YamlNode, spec: FieldSpec, visit: FieldVisit): void {
  if (appliesTo(spec, root)) walk(root, spec, 0, visit);
}

/** Calls `set` for the fields of every spec in turn. */
export function visitAllFields(root: YamlNode, specs: readonly FieldSpec[], visit: FieldVisit): void {
  for (const spec of specs) visitFields(root, spec, visit);
}

function walk(node: YamlNode, spec: FieldSpec, depth: number, visit: FieldVisit): void {
  if (depth === spec.parts.length) {
    visit.set(node);
    return;
  }
  switch (node.type) {
    case "null":
      return;
    case "list":
      for (const item of node.children) walk(item, spec, depth, visit);
      return;
    case "map":
      walkMap(node, spec, depth, visit);
      return;
    default:
      throw failure("wrong-kind", `considering field '${spec.path}': expected sequence or mapping node`, {
        node,
      });
  }
}

function walkMap(node: YamlNode, spec: FieldSpec, depth: number, visit: FieldVisit): void {
  const part = spec.parts[depth] as string;
  const isList = part.endsWith("[]");
  const name = isList ? part.slice(0, -2) : part;
  if (name === "") throw failure("wrong-path", `cannot set or create an empty field name in '${spec.path}'`);
  const creates = spec.create && visit.create !== undefined && !isList;
  const atEnd = depth + 1 === spec.parts.length;
  let child = getChild(node, name);
  if (child === undefined) {
    if (!creates) return;
    child = atEnd && visit.create === "scalar" ? scalarNode("") : collectionNode("map");
    child.key = name;
    if (child.type === "map") child.change = { cause: visit.step, before: null };
    node.children.push(child);
  } else if (child.type === "null") {
    if (isList) becomeCollection(child, "list");
    else if (creates) {
      if (atEnd && visit.create === "scalar") {
        if (visit.createType !== undefined) child.type = visit.createType;
      } else becomeCollection(child, "map");
    }
  }
  walk(child, spec, depth + 1, visit);
}

function becomeCollection(node: YamlNode, type: "list" | "map"): void {
  node.type = type;
  node.text = "";
  node.children = [];
}
