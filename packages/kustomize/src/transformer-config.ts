// Field specs: where names, labels, images and references stand in the kinds, and how they are merged.

import type { YamlNode } from "@slipway/yaml";
import builtIn from "./data/field-specs.generated.json" with { type: "json" };
import { flag, list, looseText, record } from "./decode.ts";
import { type Gvk, isSelectedBy, sameGvk } from "./identity.ts";
import { fieldSpecDecoder } from "./kustomization.ts";
import { failure } from "./problem.ts";

/** Where a field stands: in which kinds, under which path, and whether it is made when it is missing. */
export interface FieldSpec extends Gvk {
  readonly path: string;
  readonly create: boolean;
  /** The path's parts; `[]` at the end of one marks a list. */
  readonly parts: readonly string[];
}

/** Fields that hold the name of objects of one kind. */
export interface NameReference extends Gvk {
  readonly referrers: readonly FieldSpec[];
}

/** All field specs of one accumulation. */
export interface TransformerConfig {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
}

const specKeys = [
  "namePrefix",
  "nameSuffix",
  "namespace",
  "commonLabels",
  "labels",
  "templateLabels",
  "commonAnnotations",
  "varReference",
  "images",
  "replicas",
] as const;

/** A field spec; what is left out matches anything. */
export function fieldSpec(spec: {
  readonly path?: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly create?: boolean;
}): FieldSpec {
  const path = spec.path ?? "";
  return {
    group: spec.group ?? "",
    version: spec.version ?? "",
    kind: spec.kind ?? "",
    path,
    create: spec.create ?? false,
    parts: splitPath(path),
  };
}

/** Splits at slashes; a backslash before one keeps it. */
export function splitPath(path: string, delimiter = "/"): string[] {
  const pieces = path.split(delimiter);
  if (pieces.length > 1 && pieces[0] === "") pieces.shift();
  const parts: string[] = [];
  for (const piece of pieces) {
    const last = parts[parts.length - 1];
    if (last?.endsWith("\\")) parts[parts.length - 1] = `${last.slice(0, -1)}${delimiter}${piece}`;
    else parts.push(piece);
  }
  return parts;
}

export const emptyConfig: TransformerConfig = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  varReference: [],
  images: [],
  replicas: [],
  nameReference: [],
};

let defaults: TransformerConfig | undefined;

/** kustomize's own field specs (5.8.1). */
export function defaultConfig(): TransformerConfig {
  defaults ??= {
    ...emptyConfig,
    namePrefix: builtIn.namePrefix.map(fieldSpec),
    nameSuffix: builtIn.nameSuffix.map(fieldSpec),
    namespace: builtIn.namespace.map(fieldSpec),
    commonLabels: builtIn.commonLabels.map(fieldSpec),
    templateLabels: builtIn.templateLabels.map(fieldSpec),
    commonAnnotations: builtIn.commonAnnotations.map(fieldSpec),
    varReference: builtIn.varReference.map(fieldSpec),
    images: builtIn.images.map(fieldSpec),
    replicas: builtIn.replicas.map(fieldSpec),
    nameReference: builtIn.nameReference.map(nameReference),
  };
  return defaults;
}

function nameReference(entry: {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly fieldSpecs?: readonly Parameters<typeof fieldSpec>[0][];
}): NameReference {
  return {
    group: entry.group ?? "",
    version: entry.version ?? "",
    kind: entry.kind ?? "",
    referrers: (entry.fieldSpecs ?? []).map(fieldSpec),
  };
}

const specs = list(fieldSpecDecoder(looseText, "refuse"));
const configDecoder = record({
  namePrefix: specs,
  nameSuffix: specs,
  namespace: specs,
  commonLabels: specs,
  labels: specs,
  templateLabels: specs,
  commonAnnotations: specs,
  varReference: specs,
  images: specs,
  replicas: specs,
  nameReference: list(
    record({ group: looseText, version: looseText, kind: looseText, create: flag, fieldSpecs: specs }),
  ),
});

/** Reads the content of a file listed under `configurations`. */
export function configFromNode(root: YamlNode): TransformerConfig {
  const decoded = configDecoder(root, "");
  const config: Record<string, readonly FieldSpec[]> = {};
  for (const key of specKeys) config[key] = (decoded[key] ?? []).map(fieldSpec);
  return {
    ...emptyConfig,
    ...config,
    nameReference: (decoded.nameReference ?? []).map(nameReference),
  };
}

/** Configurations that have gone into one already, so that the defaults are not merged a hundred times. */
const ingredients = new WeakMap<TransformerConfig, ReadonlySet<TransformerConfig>>();

/** Merges two configurations; the same field with another `create` is an error. */
export function mergeConfigs(config: TransformerConfig, added: TransformerConfig): TransformerConfig {
  if (config === added) return config;
  const known = ingredients.get(config) ?? new Set([config]);
  const news = ingredients.get(added) ?? new Set([added]);
  if ([...news].every((part) => known.has(part))) return config;
  const merged: Record<string, readonly FieldSpec[]> = {};
  for (const key of specKeys) merged[key] = mergeFieldSpecs(config[key], added[key]).toSorted(compareGvk);
  const result: TransformerConfig = {
    ...emptyConfig,
    ...merged,
    nameReference: mergeNameReferences(config.nameReference, added.nameReference).toSorted(compareGvk),
  };
  ingredients.set(result, new Set([...known, ...news]));
  return result;
}

/** Adds field specs that are not there yet. */
export function mergeFieldSpecs(
  existing: readonly FieldSpec[],
  added: readonly FieldSpec[],
): readonly FieldSpec[] {
  if (added.length === 0) return existing;
  const result = [...existing];
  for (const spec of added) {
    const same = result.find((other) => other.path === spec.path && isSelectedBy(other, spec));
    if (same === undefined) result.push(spec);
    else if (same.create !== spec.create) {
      throw failure(
        "conflicting-field-specs",
        `conflicting fieldspecs: ${spec.path} of ${spec.kind || "any kind"} is given once with create and once without`,
      );
    }
  }
  return result;
}

function mergeNameReferences(
  existing: readonly NameReference[],
  added: readonly NameReference[],
): NameReference[] {
  const result = [...existing];
  for (const reference of added) {
    const index = result.findIndex((other) => sameGvk(other, reference));
    const found = result[index];
    if (found === undefined) result.push(reference);
    else result[index] = { ...found, referrers: mergeFieldSpecs(found.referrers, reference.referrers) };
  }
  return result;
}

const first = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** The kinds that kustomize's legacy order puts first and last. */
export const defaultKindOrder = { first, last } as const;

const ranks = new Map([
  ...first.map((kind, index) => [kind, index - first.length] as const),
  ...last.map((kind, index) => [kind, index + 1] as const),
]);

function compareGvk(left: Gvk, right: Gvk): number {
  const rank = (ranks.get(left.kind) ?? 0) - (ranks.get(right.kind) ?? 0);
  if (rank !== 0) return rank;
  const leftText = sortText(left);
  const rightText = sortText(right);
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0;
}

function sortText(gvk: Gvk): string {
  return `${gvk.group || "~G"}_${gvk.version || "~V"}_${gvk.kind || "~K"}`;
}
