// `patches`, `patchesStrategicMerge` and `patchesJson6902`.
import { type Problem, ProblemError } from "@slipway/yaml";
import { makeAnnotations } from "../bookkeeping.ts";
import { rewriteAnnotations } from "../build-metadata.ts";
import type { Located } from "../decode.ts";
import { describeId, idKey, printId } from "../identity.ts";
import { applyJsonPatch, type Operation, parseJsonPatch } from "../json-patch.ts";
import type { PatchEntry } from "../kustomization.ts";
import { textOf } from "../loaded-file.ts";
import { type Loader, loadFile } from "../loader.ts";
import { failure, relatedPlace } from "../problem.ts";
import { readResources, refuseAnnotationList } from "../read-resources.ts";
import { currentId, originalId, type Resource, storePreviousId } from "../resource.ts";
import { appendAll, findById, placeOf } from "../resource-list.ts";
import type { BuildScope } from "../scope.ts";
import { selectResources } from "../selector.ts";
import { isNilOrEmpty } from "../set-value.ts";
import { applyMergePatch, selectedPatch } from "./strategic-merge.ts";

/** A patch's text and where it stands. */
interface PatchText {
  readonly text: string;
  readonly file: string;
  readonly lineOffset: number;
}

/** Applies one entry of `patches`. */
export function applyPatchEntry(
  resources: Resource[],
  entry: PatchEntry,
  loader: Loader,
  scope: BuildScope,
): void {
  const text = patchText(entry, loader);
  const parsed = parsePatch(text, entry);
  if (parsed.operations !== undefined) {
    applyOperations(resources, entry, parsed.operations, true, scope);
    return;
  }
  const { patches } = parsed;
  if (patches.length === 0) return;
  for (const patch of patches) {
    patch.allowNameChange = entry.options?.allowNameChange ?? false;
    patch.allowKindChange = entry.options?.allowKindChange ?? false;
    // What may change is noted among the patch's annotations.
    if (patch.allowNameChange || patch.allowKindChange) {
      rewriteAnnotations(patch.root, { kind: "strategic-merge", at: patch.root });
    }
  }
  if (entry.target) applyToTargets(resources, entry, patches, scope);
  else for (const patch of patches) applyMergePatch(targetOf(resources, patch), patch, scope);
}

function applyToTargets(
  resources: Resource[],
  entry: PatchEntry,
  patches: readonly Resource[],
  scope: BuildScope,
): void {
  const [patch, second] = patches;
  if (patch === undefined || entry.target === undefined) return;
  if (second !== undefined) {
    throw failure(
      "several-patches",
      "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field",
      { node: entry.node, next: "Give each of the patches an entry of its own." },
    );
  }
  const selected = selectResources(resources, entry.target);
  if (selected.length === 0) scope.warn("no-match", "the target of this patch matches nothing", entry.node);
  applyToSelected(resources, selected, patch, scope);
}

/** Patches the chosen objects; what a patch deletes is taken out, what it renames must not collide. */
function applyToSelected(
  resources: Resource[],
  selected: readonly Resource[],
  patch: Resource,
  scope: BuildScope,
): void {
  const ids = new Set(selected.map((resource) => idKey(currentId(resource))));
  const kept: Resource[] = [];
  for (const resource of [...resources]) {
    if (ids.has(idKey(currentId(resource)))) applyMergePatch(resource, selectedPatch(patch, resource), scope);
    if (!isNilOrEmpty(resource.root)) kept.push(resource);
  }
  resources.length = 0;
  appendAll(resources, kept);
}

/** Applies one entry of `patchesStrategicMerge`: a file's path, or the patch itself. */
export function applyMergeEntries(
  resources: Resource[],
  entries: readonly Located<string>[],
  loader: Loader,
  scope: BuildScope,
): void {
  const patches = entries.flatMap((entry) => mergePatchesOf(entry, loader));
  if (patches.length === 0)
    throw failure("wrong-patch", "patch appears to be empty", { node: entries[0]?.node });
  for (const patch of patches) applyToSelected(resources, [targetOf(resources, patch)], patch, scope);
}

function mergePatchesOf(entry: Located<string>, loader: Loader): Resource[] {
  if (looksLikeYaml(entry.value)) {
    try {
      return readResources(entry.value, inlineSource(entry));
    } catch (error) {
      if (!(error instanceof ProblemError) || entry.value.includes("\n")) throw error;
    }
  }
  const file = loadFile(loader, entry.value, entry.node);
  return readResources(textOf(file), { file: file.path });
}

function looksLikeYaml(text: string): boolean {
  return text.includes("\n") || text.includes(": ") || text.startsWith("{");
}

/** The object that a patch without target is for. */
function targetOf(resources: readonly Resource[], patch: Resource): Resource {
  const id = originalId(patch);
  const matches = findById(resources, id);
  const [target, second] = matches;
  if (target !== undefined && second === undefined) return target;
  if (target === undefined) {
    throw failure(
      "no-target",
      `no resource matches strategic merge patch "${printId(id)}": no matches for Id ${printId(id)}; failed to find unique target for patch`,
      { node: placeOf(patch), object: describeId(id), next: "Check kind, apiVersion, name and namespace." },
    );
  }
  throw failure(
    "ambiguous",
    `multiple matches for Id ${printId(id)}; failed to find unique target for patch ${printId(id)}`,
    {
      node: placeOf(patch),
      object: describeId(id),
      related: matches.map((match) => relatedPlace("one of them", placeOf(match))),
    },
  );
}

/** Applies one entry of `patchesJson6902`, which does not add to an object's previous ids. */
export function applyJsonEntry(
  resources: Resource[],
  entry: PatchEntry,
  loader: Loader,
  scope: BuildScope,
): void {
  if (!entry.target?.name) throw failure("wrong-patch", "must specify the target name", { node: entry.node });
  if (entry.path && entry.patch) {
    throw failure("wrong-patch", "must specify a file path or jsonOp, not both", { node: entry.node });
  }
  const text = patchText(entry, loader);
  const operations = parseJsonPatch(text.text, text.file, text.lineOffset);
  if (operations.length === 0)
    throw failure("wrong-patch", "patch appears to be empty", { node: entry.node });
  applyOperations(resources, entry, operations, false, scope);
}

function applyOperations(
  resources: readonly Resource[],
  entry: PatchEntry,
  operations: readonly Operation[],
  storesId: boolean,
  scope: BuildScope,
): void {
  if (entry.target === undefined) {
    throw failure("no-target", "must specify a target for JSON patch", {
      node: entry.node,
      next: "Add target with at least a kind or a name.",
    });
  }
  const selected = selectResources(resources, entry.target);
  if (selected.length === 0) scope.warn("no-match", "the target of this patch matches nothing", entry.node);
  const replacesAnnotations = operations.some(({ op, path }) => {
    return op !== "test" && (path === "/metadata/annotations" || path === "/metadata");
  });
  for (const resource of selected) {
    if (storesId) storePreviousId(resource);
    const step = { kind: "json-patch", at: entry.node } as const;
    makeAnnotations(resource, step);
    applyJsonPatch(resource.root, operations, step);
    refuseAnnotationList(resource.root);
    // kustomize writes all annotations anew afterwards: as strings, and what is no map is dropped.
    rewriteAnnotations(resource.root, step);
    if (replacesAnnotations) {
      // What `buildMetadata` notes stands among the annotations in kustomize, and goes with them.
      resource.origin = null;
      resource.transformations = [];
    }
  }
}

function patchText(entry: PatchEntry, loader: Loader): PatchText {
  const inline = entry.patch?.value.trim() ?? "";
  const path = entry.path?.value ?? "";
  if (inline === "" && path === "") {
    throw failure("wrong-patch", "must specify one of patch and path", { node: entry.node });
  }
  if (inline !== "" && path !== "") {
    throw failure("wrong-patch", "patch and path can't be set at the same time", { node: entry.node });
  }
  if (entry.patch && inline !== "") return { text: inline, ...inlineSource(entry.patch) };
  const file = loadFile(loader, path, entry.path?.node ?? entry.node);
  return { text: textOf(file), file: file.path, lineOffset: 0 };
}

/** Where the text of a scalar begins, so that places inside it are places in its file. */
export function inlineSource(entry: Located<string>): { file: string; lineOffset: number } {
  const { source, offset } = entry.node;
  if (!source) return { file: "", lineOffset: 0 };
  let line = 0;
  for (let at = source.text.indexOf("\n"); at >= 0 && at < offset; at = source.text.indexOf("\n", at + 1))
    line++;
  return { file: source.path, lineOffset: line + source.lineOffset };
}

type ParsedPatch =
  | { readonly operations: Operation[]; readonly patches?: undefined }
  | { readonly operations?: undefined; readonly patches: Resource[] };

/** A list is a JSON patch, a map a strategic merge patch. */
function parsePatch(text: PatchText, entry: PatchEntry): ParsedPatch {
  let problem: Problem;
  try {
    return { patches: readResources(text.text, text) };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problem = error.problem;
  }
  try {
    const operations = parseJsonPatch(text.text, text.file, text.lineOffset);
    if (operations.length > 0) return { operations };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (problem.code === "kustomize/no-object") problem = error.problem;
  }
  const where = entry.path ? `[path: ${JSON.stringify(entry.path.value)}]` : "[patch]";
  throw new ProblemError({
    ...problem,
    message: `unable to parse SM or JSON patch from ${where}: ${problem.message}`,
  });
}
