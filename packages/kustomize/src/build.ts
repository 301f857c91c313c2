// A build from a directory to a list of objects.
import {
  getChild,
  type JsonObject,
  nodeToJson,
  type Problem,
  printNode,
  type SourcePosition,
  type YamlNode,
} from "@slipway/yaml";
import { accumulateDirectory } from "./accumulate.ts";
import { checkBuildMetadata, writeBuildMetadata } from "./build-metadata.ts";
import { diskFileSystem } from "./disk-file-system.ts";
import type { FileSystem } from "./file-system.ts";
import { readKustomization } from "./kustomization.ts";
import { type LoadRestrictor, rootLoader } from "./loader.ts";
import { builtInSchema } from "./merge/merge-schema.ts";
import { rootOrigin } from "./origin.ts";
import { originOf, type Resource } from "./resource.ts";
import { makeScope } from "./scope.ts";
import { isNilOrEmpty } from "./set-value.ts";
import { applyHashes } from "./transformers/hash.ts";
import { fixNameReferences } from "./transformers/name-references.ts";
import { orderOf, sortLegacy } from "./transformers/sort-order.ts";
import { resolveVars } from "./transformers/vars.ts";
import { refuseMistyped } from "./typed-text.ts";

/** How to build. */
export interface BuildOptions {
  /** Where files are read; the disk when left out. */
  readonly fileSystem?: FileSystem;
  /**
   * The folder that holds copies of remote references: `HOST/OWNER/REPO@REF/PATH` for directories of a git
   * repository, the address without its scheme for raw files. Nothing is ever fetched.
   */
  readonly remotes?: string;
  /** `rootOnly` (the default) refuses files outside a kustomization's directory. */
  readonly loadRestrictor?: LoadRestrictor;
  /** The order of objects when the kustomization names none: kustomize's `legacy` (the default), or `none`. */
  readonly reorder?: "legacy" | "none";
}

/** One object of a build. */
export interface BuiltResource {
  /** The object as plain JSON, keys in the order of the source. */
  readonly object: JsonObject;
  /** Where it was first written; for a generated one, the generator's entry. */
  readonly origin: SourcePosition;
  /** Kustomization files that it passed through, innermost first. */
  readonly trail: readonly string[];
  /** Its tree, in which every node knows its place and its history. */
  readonly root: YamlNode;
}

/** What a build gives. */
export interface BuildResult {
  readonly resources: readonly BuiltResource[];
  /** What is suspicious but builds: deprecated fields, patches and images that match nothing, unused vars. */
  readonly warnings: readonly Problem[];
  /** The text that `kustomize build` prints. */
  yaml(): string;
}

/**
 * Builds a directory as `kustomize build` does (5.8.1). Throws a ProblemError that names file, line and
 * column, and the chain of kustomizations in `related`.
 */
export function build(directory: string, options: BuildOptions = {}): BuildResult {
  const context = {
    fileSystem: options.fileSystem ?? diskFileSystem,
    restrictor: options.loadRestrictor ?? "rootOnly",
    remotes: options.remotes?.replace(/\/+$/, ""),
  };
  const loader = rootLoader(context, directory);
  const scope = makeScope(builtInSchema);
  const { buildMetadata, sortOptions } = readKustomization(loader, null);
  const metadata = buildMetadata?.value ?? [];
  if (buildMetadata) checkBuildMetadata(metadata, buildMetadata.node);
  scope.tracksOrigins = metadata.length > 0;
  const accumulator = accumulateDirectory(loader, scope, rootOrigin, null);
  const { resources } = accumulator;
  applyHashes(resources);
  fixNameReferences(resources, accumulator.config.nameReference);
  resolveVars(accumulator.vars, resources, accumulator.config.varReference, scope);
  const remaining = resources.filter((resource) => !isNilOrEmpty(resource.root) && !isLocal(resource));
  const order = sortOptions ? orderOf(sortOptions) : undefined;
  const sorted =
    order === null || (order === undefined && options.reorder === "none")
      ? remaining
      : sortLegacy(remaining, order);
  for (const resource of sorted) writeBuildMetadata(resource, metadata);
  refuseMistyped(scope.mistyped);
  return {
    resources: sorted.map((resource) => builtResource(resource, directory)),
    warnings: scope.warnings,
    yaml: () => printResources(sorted),
  };
}

/** The YAML text of objects, one document each. */
export function printResources(resources: readonly { readonly root: YamlNode }[]): string {
  return resources.map((resource) => printNode(resource.root)).join("---\n");
}

function builtResource(resource: Resource, directory: string): BuiltResource {
  let object: JsonObject | undefined;
  return {
    get object() {
      object ??= nodeToJson(resource.root) as JsonObject;
      return object;
    },
    origin: originOf(resource) ?? { file: directory, line: 1, column: 1 },
    trail: resource.trail,
    root: resource.root,
  };
}

function isLocal(resource: Resource): boolean {
  const annotations = getChild(getChild(resource.root, "metadata"), "annotations");
  const local = getChild(annotations, "config.kubernetes.io/local-config");
  return local !== undefined && local.text !== "false";
}
