// `vars`: values of fields put in the place of `$(NAME)`.
import type { ReadType, YamlNode } from "@slipway/yaml";
import { lookupPath, splitIndexes, splitSmartly } from "../field-path.ts";
import { visitFields } from "../field-spec.ts";
import { type Gvk, sameId, sameNameAndGvk, splitApiVersion } from "../identity.ts";
import type { VarEntry } from "../kustomization.ts";
import { failure, relatedPlace } from "../problem.ts";
import type { Resource } from "../resource.ts";
import { findByAnyId, placeOf } from "../resource-list.ts";
import type { BuildScope } from "../scope.ts";
import { countsAsString, setScalar } from "../set-value.ts";
import type { StepSource } from "../step.ts";
import type { FieldSpec } from "../transformer-config.ts";
import { primitiveValue } from "./primitive-value.ts";

/** A var's value: its text and the type that it gives to a field that is nothing but the var. */
export interface VarValue {
  readonly text: string;
  /** Its text among other text, where it is another. */
  readonly inText?: string;
  readonly type: ReadType | null;
  readonly entry?: VarEntry;
  /** The field that it is read from. */
  readonly source?: StepSource;
}

/** Notes which objects the vars read from, and takes the vars in; one name twice is an error. */
export function registerVars(
  vars: Map<string, VarEntry>,
  resources: readonly Resource[],
  entries: readonly VarEntry[],
): void {
  for (const entry of entries) markSource(resources, entry);
  mergeVars(vars, entries);
}

/** Takes vars of another accumulation in. */
export function mergeVars(vars: Map<string, VarEntry>, entries: Iterable<VarEntry>): void {
  for (const entry of entries) {
    const name = entry.name ?? "";
    const other = vars.get(name);
    if (other !== undefined) {
      throw failure("duplicate-var", `var '${name}' already encountered`, {
        node: entry.node,
        related: [relatedPlace("first here", other.node)],
      });
    }
    vars.set(name, entry);
  }
}

function markSource(resources: readonly Resource[], entry: VarEntry): void {
  const target = entry.objref;
  const gvk = gvkOfTarget(entry);
  const id = { ...gvk, name: target?.name ?? "", namespace: target?.namespace ?? "" };
  const exact = id.namespace !== "";
  const matched = findByAnyId(resources, (other) => (exact ? sameId(id, other) : sameNameAndGvk(id, other)));
  if (matched.length > 1) {
    throw failure(
      "ambiguous",
      `found ${matched.length} resId matches for var ${entry.name} (unable to disambiguate)`,
      {
        node: entry.node,
        related: matched.map((match) => relatedPlace("one of them", placeOf(match))),
        next: "Name the namespace in objref.",
      },
    );
  }
  matched[0]?.varNames.push(entry.name ?? "");
}

function gvkOfTarget(entry: VarEntry): Gvk {
  const target = entry.objref;
  const gvk = { group: target?.group ?? "", version: target?.version ?? "", kind: target?.kind ?? "" };
  if (!target?.apiVersion) return gvk;
  const { group, version } = splitApiVersion(target.apiVersion);
  return { kind: gvk.kind, version, group: group === "" ? gvk.group : group };
}

/** Puts the values into all fields that the specs name. */
export function resolveVars(
  vars: ReadonlyMap<string, VarEntry>,
  resources: readonly Resource[],
  specs: readonly FieldSpec[],
  scope: BuildScope,
): void {
  if (vars.size === 0) return;
  const values = new Map([...vars].map(([name, entry]) => [name, readValue(entry, resources)] as const));
  const used = new Set<string>();
  for (const resource of resources) {
    for (const spec of specs) {
      visitFields(resource.root, spec, {
        set: (node) => substituteField(node, values, used),
        step: { kind: "var", at: null },
      });
    }
  }
  for (const [name, entry] of vars) {
    if (!used.has(name))
      scope.warn("unused-var", `well-defined var that was never replaced: ${name}`, entry.node);
  }
}

function readValue(entry: VarEntry, resources: readonly Resource[]): VarValue {
  const name = entry.name ?? "";
  const path = entry.fieldref?.fieldPath || "metadata.name";
  const source = resources.find((resource) => resource.varNames.includes(name));
  if (source === undefined) {
    throw failure("no-match", `var '${name}' cannot be mapped to a field in the set of known resources`, {
      node: entry.node,
      next: "Check objref: no object has this kind, apiVersion and name.",
    });
  }
  const node = lookupPath(source.root, splitIndexes(splitSmartly(path)));
  if (node === undefined) {
    throw failure(
      "no-field",
      `field specified in var '${name}' not found in corresponding resource: ${path}`,
      {
        node: entry.node,
        related: [relatedPlace("the resource", placeOf(source))],
      },
    );
  }
  const from = { object: source.root, field: path, node };
  const value = primitiveValue(node);
  if (value === undefined) {
    throw failure(
      "no-field",
      `var '${name}' can't be read from ${path}: Go takes ${node.text} for no number`,
      {
        node: entry.node,
        related: [relatedPlace("the field", node)],
      },
    );
  }
  return { ...value, entry, source: from };
}

type Values = ReadonlyMap<string, VarValue>;

/** Expands the vars of a string, of all strings of a map, or of a list that may hold nothing else. */
export function substituteField(node: YamlNode, values: Values, used: Set<string>): void {
  switch (node.type) {
    case "map":
      for (const child of node.children) if (countsAsString(child)) substitute(child, values, used);
      return;
    case "list":
      for (const item of node.children) {
        if (!countsAsString(item)) {
          throw failure("wrong-kind", "invalid value type expect a string", { node: item });
        }
        substitute(item, values, used);
      }
      return;
    default:
      if (countsAsString(node)) substitute(node, values, used);
  }
}

function substitute(node: YamlNode, values: Values, used: Set<string>): void {
  const result = expand(node.text, values, used);
  if (result.text === node.text && result.type === "string" && node.type === "string") return;
  node.quoted = false;
  const from = result.used.flatMap(({ source }) => (source ? [source] : []));
  const at = result.used.at(-1)?.entry?.node ?? null;
  setScalar(node, result.text, { kind: "var", at, from }, result.type);
}

/** What a text becomes; a text that is one var alone takes that var's type. */
export interface Expansion {
  readonly text: string;
  readonly type: ReadType;
  /** The vars that it holds, in their order. */
  readonly used: readonly VarValue[];
}

/** Expands `$(NAME)` and `$$`; names that are not known stay as they are. */
export function expand(text: string, values: Values, used: Set<string>): Expansion {
  if (!text.includes("$")) return { text, type: "string", used: [] };
  let out = "";
  const found: VarValue[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text[index] as string;
    if (character !== "$" || index + 1 >= text.length) {
      out += character;
      continue;
    }
    const next = text[index + 1] as string;
    const end = next === "(" ? text.indexOf(")", index + 2) : -1;
    if (end < 0) {
      out += next === "$" ? "$" : `$${next}`;
      index++;
      continue;
    }
    const name = text.slice(index + 2, end);
    const value = values.get(name);
    if (value === undefined || value.type === null) {
      out += `$(${name})`;
    } else {
      used.add(name);
      found.push(value);
      if (index === 0 && end === text.length - 1) return { text: value.text, type: value.type, used: found };
      out += value.inText ?? value.text;
    }
    index = end;
  }
  return { text: out, type: "string", used: found };
}
