// Runs one kustomization and all that it stands on (kustomize: api/internal/target).
import { ProblemError, readNode, type YamlNode } from "@slipway/yaml";
import { type Accumulator, makeAccumulator, mergeAccumulator } from "./accumulator.ts";
import type { Located } from "./decode.ts";
import { generate } from "./generators/config-map.ts";
import { type Kustomization, readKustomization } from "./kustomization.ts";
import { childLoader, kindOfReference, type Loader, loadFile, textOf } from "./loader.ts";
import { failure, withContext } from "./problem.ts";
import { readResources } from "./read-resources.ts";
import { absorbAll, appendAll } from "./resource-list.ts";
import { runTransformers } from "./run-transformers.ts";
import type { BuildScope } from "./scope.ts";
import { configFromNode, defaultConfig, mergeConfigs } from "./transformer-config.ts";
import { registerVars } from "./transformers/vars.ts";

/** The objects, field specs and vars of a directory's kustomization. */
export function accumulateDirectory(loader: Loader, scope: BuildScope, at: YamlNode | null): Accumulator {
  const kustomization = readKustomization(loader, at);
  warnOfDeprecations(kustomization, scope);
  if (kustomization.kind === "Component" && loader.referrer) {
    throw failure("wrong-kind", `expected kind != 'Component' for path '${loader.shown}'`, {
      node: at,
      next: "List it under components.",
    });
  }
  return accumulate(makeAccumulator(), kustomization, loader, scope);
}

function accumulate(
  accumulator: Accumulator,
  kustomization: Kustomization,
  loader: Loader,
  scope: BuildScope,
): Accumulator {
  for (const entry of [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])]) {
    addReference(accumulator, entry, kustomization, loader, scope);
  }
  accumulator.config = mergeConfigs(accumulator.config, defaultConfig());
  for (const entry of kustomization.configurations ?? []) {
    const file = loadFile(loader, entry.value, entry.node);
    const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
    accumulator.config = mergeConfigs(accumulator.config, configFromNode(root));
  }
  runGenerators(accumulator, kustomization, loader);
  for (const entry of kustomization.components ?? []) {
    addComponent(accumulator, entry, kustomization, loader, scope);
  }
  runTransformers(accumulator, kustomization, loader, scope);
  registerVars(accumulator.vars, accumulator.resources, kustomization.vars ?? []);
  for (const resource of accumulator.resources) resource.trail.push(kustomization.file);
  return accumulator;
}

function addReference(
  accumulator: Accumulator,
  entry: Located<string>,
  kustomization: Kustomization,
  loader: Loader,
  scope: BuildScope,
): void {
  if (kindOfReference(loader, entry.value) === "directory") {
    const child = childLoader(loader, entry.value, entry.node);
    inContext(entry, kustomization, () =>
      mergeAccumulator(accumulator, accumulateDirectory(child, scope, entry.node)),
    );
    return;
  }
  const file = loadFile(loader, entry.value, entry.node);
  inContext(entry, kustomization, () => {
    appendAll(accumulator.resources, readResources(textOf(file), { file: file.path }));
  });
}

/** A component works on what its parent has gathered so far. */
function addComponent(
  accumulator: Accumulator,
  entry: Located<string>,
  kustomization: Kustomization,
  loader: Loader,
  scope: BuildScope,
): void {
  const child = childLoader(loader, entry.value, entry.node);
  inContext(entry, kustomization, () => {
    const component = readKustomization(child, entry.node);
    warnOfDeprecations(component, scope);
    if (component.kind !== "Component") {
      throw failure(
        "wrong-kind",
        `expected kind 'Component' for path '${child.shown}' but got '${component.kind || "Kustomization"}'`,
        { node: entry.node, next: "List it under resources, or make it a Component." },
      );
    }
    accumulate(accumulator, component, child, scope);
  });
}

/** Adds the entry to the chain of an error's places. */
function inContext(entry: Located<string>, kustomization: Kustomization, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw withContext(error, `built for ${entry.value}, which ${kustomization.file} lists`, entry.node);
  }
}

function runGenerators(accumulator: Accumulator, kustomization: Kustomization, loader: Loader): void {
  const options = kustomization.generatorOptions;
  for (const entry of kustomization.configMapGenerator ?? []) {
    const resource = generate("ConfigMap", { ...entry, type: "" }, options, loader);
    absorbAll(accumulator.resources, [resource], { kind: "generator", at: entry.node });
  }
  for (const entry of kustomization.secretGenerator ?? []) {
    const resource = generate("Secret", entry, options, loader);
    absorbAll(accumulator.resources, [resource], { kind: "generator", at: entry.node });
  }
}

const deprecated = {
  bases: "resources",
  commonLabels: "labels",
  imageTags: "images",
  patchesJson6902: "patches",
  patchesStrategicMerge: "patches",
  vars: "replacements",
} as const;

function warnOfDeprecations(kustomization: Kustomization, scope: BuildScope): void {
  for (const [old, instead] of Object.entries(deprecated)) {
    const node = kustomization.node.children.find((child) => child.key === old);
    if (node === undefined || node.type === "null") continue;
    scope.warn("deprecated", `'${old}' is deprecated. Please use '${instead}' instead.`, node);
  }
}
