// Runs one kustomization and all that it stands on (kustomize: api/internal/target).
import { ProblemError, readNode, type YamlNode } from "@slipway/yaml";
import { type Accumulator, makeAccumulator, mergeSettings } from "./accumulator.ts";
import { recallDirectory } from "./build-memory.ts";
import { configFromCrds } from "./crd-config.ts";
import type { Located } from "./decode.ts";
import { warnOfDeprecations } from "./deprecations.ts";
import { readKustomization } from "./kustomization.ts";
import { textOf } from "./loaded-file.ts";
import { childLoader, describeLoader, kindOfReference, type Loader, loadFile } from "./loader.ts";
import { noteKinds, useOwnSchema } from "./merge/build-schema.ts";
import { appendOrigin, type Origin } from "./origin.ts";
import { failure, withContext } from "./problem.ts";
import { readResources } from "./read-resources.ts";
import type { Resource } from "./resource.ts";
import { appendAll, appenderTo, refuseRepeatedIds } from "./resource-list.ts";
import { runGenerators } from "./run-generators.ts";
import { runTransformers, runValidators } from "./run-transformers.ts";
import type { BuildScope } from "./scope.ts";
import { isNilOrEmpty } from "./set-value.ts";
import type { Target } from "./target.ts";
import { configFromNode, defaultConfig, emptyConfig, mergeConfigs } from "./transformer-config.ts";
import { registerVars } from "./transformers/vars.ts";

/** The objects, field specs and vars of a directory's kustomization; `at` is the entry that led there. */
export function accumulateDirectory(
  loader: Loader,
  scope: BuildScope,
  origin: Origin,
  at: YamlNode | null,
  helmNamespace = "",
): Accumulator {
  const target = openTarget(loader, scope, origin, at, helmNamespace);
  if (target.kustomization.kind === "Component" && loader.referrer) {
    throw failure("wrong-kind", `expected kind != 'Component' for path '${loader.shown}'`, {
      node: at,
      next: "List it under components.",
    });
  }
  return accumulate(makeAccumulator(), target);
}

/** A directory that another lists, unless an earlier build has left what it comes to. */
function accumulateChild(loader: Loader, parent: Target, origin: Origin, at: YamlNode): Accumulator {
  const { scope, helmNamespace } = parent;
  const make = () => accumulateDirectory(loader, scope, origin, at, helmNamespace);
  if (scope.memory === null) return make();
  const key = JSON.stringify([describeLoader(loader), origin, scope.tracksOrigins]);
  return recallDirectory(key, scope, scope.memory, make);
}

function openTarget(
  loader: Loader,
  scope: BuildScope,
  origin: Origin,
  at: YamlNode | null,
  inherited: string,
): Target {
  const kustomization = readKustomization(loader, at);
  warnOfDeprecations(kustomization, scope);
  const helmNamespace = kustomization.namespace?.value || inherited;
  const target = { kustomization, loader, scope, origin, helmNamespace };
  useSchema(target);
  return target;
}

/** The first kustomization to say `openapi` decides for the whole build. */
function useSchema({ kustomization, loader, scope }: Target): void {
  const { openapi, node } = kustomization;
  const path = openapi?.get("path");
  const version = openapi?.get("version");
  const file = path === undefined ? undefined : loadFile(loader, path, node);
  if (scope.schema.isDecided) return;
  if (file !== undefined && version !== undefined) {
    throw failure("wrong-openapi", "builtin version and custom schema provided, cannot use both", { node });
  }
  if (version !== undefined && version !== "" && version !== "v1.21.2") {
    throw failure("wrong-openapi", `the specified OpenAPI version is not built in: ${version}`, {
      node,
      next: "Use v1.21.2, or give a schema by path.",
    });
  }
  scope.schema.isDecided = file !== undefined || (version ?? "") !== "";
  if (file === undefined) return;
  const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
  if (root.type !== "map")
    throw failure("wrong-openapi", `invalid schema file: ${file.path}`, { node: root });
  useOwnSchema(scope.schema, root);
}

function accumulate(accumulator: Accumulator, target: Target): Accumulator {
  const { kustomization, scope } = target;
  addReferences(accumulator, target, [...(kustomization.resources ?? []), ...(kustomization.bases ?? [])]);
  accumulator.config = mergeConfigs(accumulator.config, ownConfig(target));
  accumulator.config = mergeConfigs(accumulator.config, crdConfig(target));
  runGenerators(accumulator, target, accumulatePlugins);
  for (const entry of kustomization.components ?? []) addComponent(accumulator, entry, target);
  runTransformers(accumulator, target, accumulatePlugins);
  // A patch or a replacement may have made another kind of an object.
  noteKinds(scope.schema, accumulator.resources);
  runValidators(accumulator, target, accumulatePlugins);
  registerVars(accumulator.vars, accumulator.resources, kustomization.vars ?? []);
  for (const resource of accumulator.resources) resource.trail.push(kustomization.file);
  if (accumulator.resources.some((resource) => isNilOrEmpty(resource.root))) {
    scope.warn("empty-object", "an object was emptied", kustomization.node);
  }
  return accumulator;
}

function ownConfig({ kustomization, loader }: Target) {
  const entries = kustomization.configurations ?? [];
  if (entries.length === 0) return defaultConfig();
  let own = emptyConfig;
  for (const entry of entries) {
    const file = loadFile(loader, entry.value, entry.node);
    const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
    own = mergeConfigs(own, configFromNode(root));
  }
  return mergeConfigs(defaultConfig(), own);
}

function crdConfig({ kustomization, loader }: Target) {
  let config = emptyConfig;
  for (const entry of kustomization.crds ?? []) {
    const file = loadFile(loader, entry.value, entry.node);
    const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
    config = mergeConfigs(config, configFromCrds(root));
  }
  return config;
}

/** Adds files, and directories with a kustomization of their own. */
function addReferences(accumulator: Accumulator, target: Target, entries: readonly Located<string>[]): void {
  const append = appenderTo(accumulator.resources);
  for (const entry of entries) {
    const origin = appendOrigin(target.origin, entry.value);
    if (kindOfReference(target.loader, entry.value) === "directory") {
      const child = childLoader(target.loader, entry.value, entry.node);
      inContext(entry, target, () => {
        const gathered = accumulateChild(child, target, origin, entry.node);
        append(gathered.resources);
        mergeSettings(accumulator, gathered);
      });
      continue;
    }
    const file = loadFile(target.loader, entry.value, entry.node);
    inContext(entry, target, () => {
      const resources = readResources(textOf(file), { file: file.path });
      if (target.scope.tracksOrigins) for (const resource of resources) resource.origin = origin;
      noteKinds(target.scope.schema, resources);
      append(resources);
    });
  }
}

/** The configuration objects of plugins, given inline or by path. */
function accumulatePlugins(target: Target, entries: readonly Located<string>[]): Resource[] {
  const accumulator = makeAccumulator();
  const paths: Located<string>[] = [];
  for (const entry of entries) {
    if (!entry.value.includes("\n")) {
      paths.push(entry);
      continue;
    }
    const resources = readResources(entry.value, { file: target.kustomization.file });
    const origin = appendOrigin(target.origin, target.kustomization.fileName);
    if (target.scope.tracksOrigins) for (const resource of resources) resource.origin = origin;
    noteKinds(target.scope.schema, resources);
    appendAll(accumulator.resources, resources);
  }
  addReferences(accumulator, target, paths);
  return accumulator.resources;
}

/** A component works on what its parent has gathered so far. */
function addComponent(accumulator: Accumulator, entry: Located<string>, parent: Target): void {
  const child = childLoader(parent.loader, entry.value, entry.node);
  inContext(entry, parent, () => {
    const origin = appendOrigin(parent.origin, entry.value);
    const target = openTarget(child, parent.scope, origin, entry.node, parent.helmNamespace);
    const { kind } = target.kustomization;
    if (kind !== "Component") {
      throw failure(
        "wrong-kind",
        `expected kind 'Component' for path '${child.shown}' but got '${kind || "Kustomization"}'`,
        { node: entry.node, next: "List it under resources, or make it a Component." },
      );
    }
    accumulate(accumulator, target);
    refuseRepeatedIds(accumulator.resources);
  });
}

/** Adds the entry to the chain of an error's places. */
function inContext(entry: Located<string>, { kustomization }: Target, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw withContext(error, `built for ${entry.value}, which ${kustomization.file} lists`, entry.node);
  }
}
