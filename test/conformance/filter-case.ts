// Cases for single filters, given as the fields of kustomize's Go structs.

import { memoryFileSystem, printResources } from "@slipway/kustomize";
import {
  cloneNode,
  isJsonObject,
  type JsonObject,
  jsonToNode,
  readNode,
  type ScalarType,
  scalarNode,
  type YamlNode,
} from "@slipway/yaml";
import { takeBookkeeping } from "../../packages/kustomize/src/bookkeeping.ts";
import { looseText } from "../../packages/kustomize/src/decode.ts";
import { visitFields } from "../../packages/kustomize/src/field-spec.ts";
import { applyJsonPatch, parseJsonPatch } from "../../packages/kustomize/src/json-patch.ts";
import { imageDecoder, replacementListDecoder } from "../../packages/kustomize/src/kustomization.ts";
import { rootLoader } from "../../packages/kustomize/src/loader.ts";
import { builtInSchema } from "../../packages/kustomize/src/merge/merge-schema.ts";
import { mergeNodes } from "../../packages/kustomize/src/merge/strategic-merge.ts";
import { runGeneratorPlugin } from "../../packages/kustomize/src/plugins/generator-plugins.ts";
import { addValue } from "../../packages/kustomize/src/plugins/value-add.ts";
import { makeResource, type Resource } from "../../packages/kustomize/src/resource.ts";
import { makeScope } from "../../packages/kustomize/src/scope.ts";
import { setScalar } from "../../packages/kustomize/src/set-value.ts";
import type { Step } from "../../packages/kustomize/src/step.ts";
import {
  defaultConfig,
  type FieldSpec,
  fieldSpec,
  splitPath,
} from "../../packages/kustomize/src/transformer-config.ts";
import { applyImage, findImages } from "../../packages/kustomize/src/transformers/images.ts";
import { applyEntries } from "../../packages/kustomize/src/transformers/labels.ts";
import { setNamespace } from "../../packages/kustomize/src/transformers/namespace.ts";
import { applyReplacements } from "../../packages/kustomize/src/transformers/replacements.ts";
import { substituteField } from "../../packages/kustomize/src/transformers/vars.ts";
import type { ConformanceCase } from "./cases.ts";
import { documentsOf } from "./documents.ts";

type Fields = JsonObject;
type Run = (resources: Resource[], fields: Fields) => Resource[] | undefined;

const step: Step = { kind: "metadata", at: null };

/** Runs the filter over the input. */
export function runFilterCase(one: ConformanceCase): string {
  const run = filters[one.pkg ?? ""];
  if (!run) throw new Error(`no filter ${one.pkg ?? ""}`);
  const resources = documentsOf(one.input ?? "", one.pkg === "patchstrategicmerge").map(makeResource);
  if (one.pkg === "replacement") resources.forEach(takeBookkeeping);
  const result = run(resources, (one.filter ?? {}) as Fields) ?? resources;
  return printResources(result.filter((resource) => resource.root.type !== "null"));
}

const filters: Readonly<Record<string, Run>> = {
  annotations: (resources, fields) => entries(resources, fields.Annotations, fields),
  labels: (resources, fields) => entries(resources, fields.Labels, fields),
  imagetag: (resources, fields) => {
    const image = imageDecoder(looseText, "ignore")(jsonToNode(lowerKeys(fields.ImageTag)), "");
    const found = findImages(resources, specsOf(fields.FsSlice));
    // Each of kustomize's two filters looks at one of the two.
    const isLegacy = fields.$type === "LegacyFilter";
    applyImage(isLegacy ? { ...found, specified: [] } : { ...found, containers: [] }, image, step);
    return undefined;
  },
  namespace: (resources, fields) => {
    for (const { root } of resources) {
      setNamespace(root, { namespace: String(fields.Namespace), fieldSpecs: specsOf(fields.FsSlice), step });
    }
    return undefined;
  },
  patchjson6902: (resources, fields) => {
    const operations = parseJsonPatch(String(fields.Patch), "patch.yaml");
    for (const { root } of resources) applyJsonPatch(root, operations, step);
    return undefined;
  },
  patchstrategicmerge: (resources, fields) => {
    const [patch] = documentsOf(String(fields.Patch), true);
    if (!patch) return undefined;
    const context = { lookup: builtInSchema, step };
    for (const resource of resources) {
      resource.root =
        mergeNodes(resource.root, cloneNode(patch), undefined, context) ?? scalarNode("null", "null");
    }
    return undefined;
  },
  prefix: (resources, fields) =>
    each(resources, fields, (node) => setScalar(node, String(fields.Prefix) + node.text, step)),
  suffix: (resources, fields) =>
    each(resources, fields, (node) => setScalar(node, node.text + String(fields.Suffix), step)),
  replicacount: (resources, fields) => {
    const count = isJsonObject(fields.Replica) ? fields.Replica.Count : 0;
    return each(resources, fields, (node) => setScalar(node, String(count), step, "integer"), "integer");
  },
  valueadd: (resources, fields) => {
    const position = Number(fields.FilePathPosition ?? 0);
    for (const { root } of resources) {
      addValue(root, splitPath(String(fields.FieldPath)), String(fields.Value), position, step);
    }
    return undefined;
  },
  refvar: (resources, fields) => {
    const mapping = isJsonObject(fields.MappingFunc) ? fields.MappingFunc.vars : {};
    const values = new Map(
      Object.entries(isJsonObject(mapping) ? mapping : {}).map(([name, value]) => {
        const type: ScalarType =
          typeof value === "number" ? "integer" : typeof value === "boolean" ? "boolean" : "string";
        return [name, { text: String(value), type }] as const;
      }),
    );
    return each(resources, fields, (node) => substituteField(node, values, new Set()));
  },
  replacement: (resources, fields) => {
    const root = readNode(String(fields.$yaml), { dialect: "kubectl" });
    const list = root.children.find((child) => child.key === "replacements");
    const replacements = list ? replacementListDecoder(looseText, "ignore")(list, "") : [];
    const context = { fileSystem: memoryFileSystem({}), restrictor: "rootOnly", remotes: undefined } as const;
    applyReplacements(resources, replacements, rootLoader(context, "/"), makeScope());
    return undefined;
  },
  iampolicygenerator: (_resources, fields) => {
    const config = lowerKeys(fields.IAMPolicyGenerator);
    // The only cloud that kustomize knows; the case holds a Go constant here.
    const plugin = jsonToNode({ ...config, cloud: "gke", apiVersion: "builtin", kind: "IAMPolicyGenerator" });
    const loader = rootLoader(
      { fileSystem: memoryFileSystem({}), restrictor: "rootOnly", remotes: undefined },
      "/",
    );
    return runGeneratorPlugin(makeResource(plugin), loader);
  },
};

function entries(resources: Resource[], map: unknown, fields: Fields): undefined {
  const given = Object.entries(map as Record<string, unknown>).filter(([key]) => key !== "$type");
  const pairs = new Map(given.map(([key, value]) => [key, String(value)] as const));
  applyEntries(resources, { entries: pairs, fieldSpecs: specsOf(fields.FsSlice), step });
}

function each(
  resources: Resource[],
  fields: Fields,
  set: (node: YamlNode) => void,
  createType: ScalarType = "string",
): undefined {
  const [spec] = specsOf([fields.FieldSpec ?? null]);
  for (const { root } of resources) {
    if (spec) visitFields(root, spec, { set, create: "scalar", createType, step });
  }
}

function specsOf(list: unknown): FieldSpec[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Fields) => {
    if (item.$type === "DefaultFieldSpecs") {
      const key = String(item.of) === "NameSpace" ? "namespace" : "commonAnnotations";
      return [...defaultConfig()[key]];
    }
    const gvk = isJsonObject(item.Gvk) ? item.Gvk : {};
    return fieldSpec({
      path: String(item.Path ?? ""),
      create: item.CreateIfNotPresent === true,
      group: String(gvk.Group ?? ""),
      version: String(gvk.Version ?? ""),
      kind: String(gvk.Kind ?? ""),
    });
  });
}

/** Go's field names as the keys of a configuration. */
function lowerKeys(value: unknown): JsonObject {
  const result: JsonObject = {};
  if (!isJsonObject(value as JsonObject)) return result;
  for (const [key, entry] of Object.entries(value as JsonObject)) {
    if (key === "$type" || entry === undefined) continue;
    result[key[0]?.toLowerCase() + key.slice(1)] = isJsonObject(entry) ? lowerKeys(entry) : entry;
  }
  return result;
}
