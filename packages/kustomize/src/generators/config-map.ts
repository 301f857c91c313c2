// `configMapGenerator` and `secretGenerator`.
import { collectionNode, type YamlNode } from "@slipway/yaml";
import { base64 } from "../base64.ts";
import type { GeneratorEntry, GeneratorOptions } from "../kustomization.ts";
import type { Loader } from "../loader.ts";
import { failure } from "../problem.ts";
import { type Behavior, makeResource, type Resource } from "../resource.ts";
import { createdScalar, isQuotedAsString } from "../set-value.ts";
import { entryOf, type Step } from "../step.ts";
import { type Pair, readPairs } from "./sources.ts";

/** Makes the object of one entry. `options` are those of the whole kustomization. */
export function generate(
  kind: "ConfigMap" | "Secret",
  entry: GeneratorEntry,
  options: GeneratorOptions | undefined,
  loader: Loader,
): Resource {
  const step: Step = { kind: "generator", at: entry.node };
  if (!entry.name) {
    throw failure("no-name", `a ${kind} generator must have a name`, { node: entry.node });
  }
  const merged = mergeOptions(entry, options);
  const root = map([
    scalar("apiVersion", "v1", entry.node, step),
    scalar("kind", kind, entry.node, step),
    named("metadata", metadataOf(entry, merged, step)),
  ]);
  root.source = entry.node.source;
  root.offset = entry.node.offset;
  if (kind === "Secret") {
    root.children.push(scalar("type", entry.type || "Opaque", entryOf(entry.node, "type"), step));
  }
  addData(root, kind, readPairs(entry, loader), step);
  if (merged.immutable) {
    const node = createdScalar("true", "boolean", step);
    node.key = "immutable";
    root.children.push(node);
  }
  const resource = makeResource(root);
  resource.needsHash = !merged.disableNameSuffixHash;
  resource.behavior = behaviorOf(entry.behavior);
  return resource;
}

function behaviorOf(text: string | undefined): Behavior {
  switch (text) {
    case "replace":
    case "merge":
    case "create":
      return text;
    default:
      return "unspecified";
  }
}

interface MergedOptions {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly disableNameSuffixHash: boolean;
  readonly immutable: boolean;
  /** Where a label or annotation is written. */
  readonly placeOf: (key: "labels" | "annotations", name: string) => YamlNode;
}

/** The entry's own labels and annotations win; what is switched on for all stays on. */
function mergeOptions(entry: GeneratorEntry, all: GeneratorOptions | undefined): MergedOptions {
  const own = entry.options;
  const placeOf: MergedOptions["placeOf"] = (key, name) => {
    const from = own?.[key]?.has(name) ? own : all;
    return from ? entryOf(entryOf(from.node, key), name) : entry.node;
  };
  return {
    placeOf,
    labels: new Map([...(all?.labels ?? []), ...(own?.labels ?? [])]),
    annotations: new Map([...(all?.annotations ?? []), ...(own?.annotations ?? [])]),
    disableNameSuffixHash: Boolean(own?.disableNameSuffixHash || all?.disableNameSuffixHash),
    immutable: Boolean(own?.immutable || all?.immutable),
  };
}

function metadataOf(entry: GeneratorEntry, options: MergedOptions, step: Step): YamlNode {
  const at = (key: string) => entryOf(entry.node, key);
  const metadata = map([scalar("name", entry.name ?? "", at("name"), step)]);
  if (entry.namespace) metadata.children.push(scalar("namespace", entry.namespace, at("namespace"), step));
  for (const key of ["labels", "annotations"] as const) {
    const entries = [...options[key]].sort(([left], [right]) => (left < right ? -1 : 1));
    if (entries.length === 0) continue;
    const children = entries.map(([name, value]) => scalar(name, value, options.placeOf(key, name), step));
    if (key === "labels") for (const child of children) child.quoted = true;
    metadata.children.push(named(key, map(children)));
  }
  return metadata;
}

function addData(root: YamlNode, kind: string, pairs: readonly Pair[], step: Step): void {
  const data: YamlNode[] = [];
  const binary: YamlNode[] = [];
  for (const pair of [...pairs].sort((left, right) => (left.key < right.key ? -1 : 1))) {
    const bytes = typeof pair.value !== "string";
    const text = kind === "Secret" || bytes ? base64Lines(pair.value) : (pair.value as string);
    const node = scalar(pair.key, text, pair, { ...step, at: pair.at });
    (kind === "ConfigMap" && bytes ? binary : data).push(node);
  }
  // A Secret without any gets an empty map, a ConfigMap gets none.
  if (data.length > 0 || kind === "Secret") root.children.push(named("data", map(data)));
  if (binary.length > 0) root.children.push(named("binaryData", map(binary)));
}

/** Base64 as go-yaml encodes it: in lines of 70 characters once it is longer than one. */
function base64Lines(value: string | Uint8Array): string {
  const encoded = base64(typeof value === "string" ? new TextEncoder().encode(value) : value);
  if (encoded.length < 70) return encoded;
  return encoded.replace(/.{1,70}/g, "$&\n");
}

function map(children: YamlNode[]): YamlNode {
  return collectionNode("map", children);
}

function named(key: string, node: YamlNode): YamlNode {
  node.key = key;
  return node;
}

function scalar(key: string, text: string, at: Pick<YamlNode, "source" | "offset">, step: Step): YamlNode {
  const node = createdScalar(text, "string", step);
  node.key = key;
  node.quoted = isQuotedAsString(text);
  node.source = at.source;
  node.offset = at.offset;
  return node;
}
