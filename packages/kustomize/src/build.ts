// A build from a directory to a list of objects.

import {
  type JsonObject,
  nodeToJson,
  type Problem,
  printNode,
  type SourcePosition,
  type YamlNode,
} from "@slipway/yaml";
import { diskFileSystem } from "#runtime";
import { accumulateDirectory } from "./accumulate.ts";
import { type BuildMemory, recallText } from "./build-memory.ts";
import { checkBuildMetadata, writeBuildMetadata } from "./build-metadata.ts";
import { documentSeparator, encodeDocuments } from "./encode-documents.ts";
import type { FileSystem } from "./file-system.ts";
import type { Helm } from "./helm/helm.ts";
import { idKey } from "./identity.ts";
import { readKustomization } from "./kustomization.ts";
import { type LoadRestrictor, rootLoader } from "./loader.ts";
import { rootOrigin } from "./origin.ts";
import { createRecorder, type Reads } from "./recorder.ts";
import { refuseUnmatched } from "./refuse-unmatched.ts";
import { remainingObjects } from "./remaining-objects.ts";
import { type Remotes, remotesFolder } from "./remotes.ts";
import { currentId, originOf, type Resource } from "./resource.ts";
import { makeScope } from "./scope.ts";
import { applyHashes } from "./transformers/hash.ts";
import { fixNameReferences } from "./transformers/name-references.ts";
import { orderOf, sortLegacy } from "./transformers/sort-order.ts";
import { resolveVars } from "./transformers/vars.ts";
import { refuseUnprintable } from "./unprintable.ts";

/** How to build. */
export interface BuildOptions {
  /** Where files are read; the disk when left out, where there is one. */
  readonly fileSystem?: FileSystem;
  /**
   * Copies of remote references, or the folder that holds them: `HOST/OWNER/REPO@REF/PATH` for directories of a
   * git repository, the address without its scheme for raw files. Nothing is ever fetched.
   */
  readonly remotes?: Remotes | string;
  /** `rootOnly` (the default) refuses files outside a kustomization's directory. */
  readonly loadRestrictor?: LoadRestrictor;
  /** The order of objects when the kustomization names none: kustomize's `legacy` (the default), or `none`. */
  readonly reorder?: "legacy" | "none";
  /** Label every object `app.kubernetes.io/managed-by: kustomize-v5.8.1`, as `--enable-managedby-label` does. */
  readonly managedByLabel?: boolean;
  /** Patches, selectors, images and replacements that match nothing are an error rather than a warning. */
  readonly strict?: boolean;
  /** Runs helm for `helmCharts`; without it charts are refused. It reads charts from the disk. */
  readonly helm?: Helm | undefined;
  /** What earlier builds have left, so that this one does only what has changed; see {@link createBuildMemory}. */
  readonly memory?: BuildMemory;
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
  /** The object as `kustomize build` prints it. */
  readonly text: string;
}

/** What a build gives. */
export interface BuildResult {
  readonly resources: readonly BuiltResource[];
  /** What is suspicious but builds: deprecated fields, patches and images that match nothing, unused vars. */
  readonly warnings: readonly Problem[];
  /** The text that `kustomize build` prints. */
  yaml(): string;
  /** The same in UTF-8, which takes a third of the memory where it is only to be written somewhere. */
  bytes(): Uint8Array;
}

/**
 * Builds a directory as `kustomize build` does (5.8.1). Throws a ProblemError that names file, line and
 * column, and the chain of kustomizations in `related`.
 */
export function build(directory: string, options: BuildOptions = {}): BuildResult {
  const reads: Reads = {
    fileSystem: options.fileSystem ?? diskFileSystem,
    remotes: typeof options.remotes === "string" ? remotesFolder(options.remotes) : options.remotes,
  };
  // What helm reads is not seen, so that nothing is remembered of a build that may run it.
  const memory =
    options.memory && !options.helm ? { store: options.memory, recorder: createRecorder(reads) } : null;
  if (memory) memory.store.asked = memory.recorder.asked;
  const { fileSystem, remotes } = memory?.recorder ?? reads;
  const restrictor = options.loadRestrictor ?? "rootOnly";
  const context = { fileSystem, remotes, restrictor, helm: options.helm };
  const loader = rootLoader(context, directory);
  const scope = makeScope(memory);
  const { buildMetadata, sortOptions } = readKustomization(loader, null);
  const metadata = buildMetadata?.value ?? [];
  if (buildMetadata) checkBuildMetadata(metadata, buildMetadata.node);
  scope.tracksOrigins = metadata.length > 0;
  const accumulator = accumulateDirectory(loader, scope, rootOrigin, null);
  const { resources } = accumulator;
  applyHashes(resources);
  fixNameReferences(resources, accumulator.config.nameReference);
  resolveVars(accumulator.vars, resources, accumulator.config.varReference, scope);
  const remaining = remainingObjects(resources);
  const order = sortOptions ? orderOf(sortOptions) : undefined;
  const sorted =
    order === null || (order === undefined && options.reorder === "none")
      ? remaining
      : sortLegacy(remaining, order);
  const wanted = options.managedByLabel ? [...metadata, "managedByLabel"] : metadata;
  for (const resource of sorted) writeBuildMetadata(resource, wanted);
  refuseUnprintable(
    scope.unprintable,
    sorted.map(({ root }) => root),
  );
  if (options.strict) refuseUnmatched(scope.warnings);
  const built = sorted.map((resource) => builtResource(resource, directory, options.memory));
  return {
    resources: built,
    warnings: scope.warnings,
    yaml: () => built.map(({ text }) => text).join(documentSeparator),
    bytes: () => encodeDocuments(built.map(({ text }) => text)),
  };
}

/** The YAML text of objects, one document each. */
export function printResources(resources: readonly { readonly root: YamlNode }[]): string {
  return resources.map((resource) => printNode(resource.root)).join(documentSeparator);
}

function builtResource(
  resource: Resource,
  directory: string,
  memory: BuildMemory | undefined,
): BuiltResource {
  const { root, trail } = resource;
  let object: JsonObject | undefined;
  let text: string | undefined;
  return {
    get object() {
      object ??= nodeToJson(root) as JsonObject;
      return object;
    },
    get origin() {
      return originOf(resource) ?? { file: directory, line: 1, column: 1 };
    },
    trail,
    root,
    get text() {
      text ??= memory ? recallText(memory, idKey(currentId(resource)), root, printNode) : printNode(root);
      return text;
    },
  };
}
