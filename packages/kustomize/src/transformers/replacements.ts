// `replacements`: copies the value of one field into others (kustomize: api/filters/replacement).
import { cloneNode, isScalar, readNode, type YamlNode } from "@slipway/yaml";
import { lookupPath, splitSmartly } from "../field-path.ts";
import { isSelectedBy, type ResourceId } from "../identity.ts";
import {
  type FieldOptions,
  type Replacement,
  type ReplacementEntry,
  replacementDecoder,
} from "../kustomization.ts";
import { textOf } from "../loaded-file.ts";
import { type Loader, loadFile } from "../loader.ts";
import { detached, matchFields } from "../path-matcher.ts";
import { failure, relatedPlace, withContext } from "../problem.ts";
import { currentId, previousIdsOf, type Resource } from "../resource.ts";
import { placeOf } from "../resource-list.ts";
import type { BuildScope } from "../scope.ts";
import { compileSelector } from "../selector.ts";
import { createdScalar, isNilOrEmpty, replaceNode } from "../set-value.ts";
import { entryOf, type Step, type StepSource } from "../step.ts";
import { setTextKeepingType } from "../typed-text.ts";
import { isMistyped } from "../unprintable.ts";
import { replaceInText } from "./replace-in-text.ts";

type Target = NonNullable<Replacement["targets"]>[number];

/** Applies all entries in order; files are read first. */
export function applyReplacements(
  resources: readonly Resource[],
  entries: readonly ReplacementEntry[],
  loader: Loader,
  scope: BuildScope,
): void {
  const replacements = entries.flatMap((entry) => replacementsOf(entry, loader));
  for (const replacement of replacements) applyReplacement(resources, replacement, scope);
}

function replacementsOf(entry: ReplacementEntry, loader: Loader): Replacement[] {
  if (!entry.path) return [entry];
  if (entry.source !== undefined || (entry.targets?.length ?? 0) > 0) {
    throw failure("wrong-replacement", "cannot specify both path and inline replacement", {
      node: entry.node,
    });
  }
  const file = loadFile(loader, entry.path, entry.node);
  const root = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
  const items = root.type === "list" ? root.children : [root];
  if (root.type !== "list" && root.type !== "map") {
    throw failure("wrong-replacement", "a file of replacements holds one replacement or a list of them", {
      node: root,
    });
  }
  return items.map((item) => replacementDecoder(item, "replacement"));
}

function applyReplacement(resources: readonly Resource[], replacement: Replacement, scope: BuildScope): void {
  const hasSource = replacement.source !== undefined || replacement.sourceValue !== undefined;
  if (!hasSource || replacement.targets === undefined) {
    throw failure("wrong-replacement", "replacements must specify a source and at least one target", {
      node: replacement.node,
    });
  }
  const { value, from, at } = sourceValue(resources, replacement);
  for (const target of replacement.targets) {
    const step: Step = { kind: "replacement", at: at ?? target.node, from };
    const count = applyToTarget(resources, value, target, step, scope);
    if (count === 0) scope.warn("no-match", "this target of a replacement matches nothing", target.node);
  }
}

/** The value and the field that it is read from; a value that is written out is its own place. */
function sourceValue(resources: readonly Resource[], replacement: Replacement): SourceValue {
  const { source } = replacement;
  if (replacement.sourceValue !== undefined && source !== undefined) {
    throw failure("wrong-replacement", "value and resource selectors are mutually exclusive", {
      node: replacement.node,
    });
  }
  if (source === undefined) {
    const at = entryOf(replacement.node, "sourceValue");
    const text = replacement.sourceValue ?? "";
    const value = createdScalar(text, "untagged", { kind: "replacement", at });
    return { value, from: [], at };
  }
  const selector: ResourceId = {
    group: source.group ?? "",
    version: source.version ?? "",
    kind: source.kind ?? "",
    name: source.name ?? "",
    namespace: source.namespace ?? "",
  };
  const matches = resources.filter((resource) => allIds(resource).some((id) => isChosen(id, selector)));
  const [resource, second] = matches;
  if (resource === undefined) {
    throw failure("no-match", `nothing selected by ${describeSelector(selector)}`, { node: source.node });
  }
  if (second !== undefined) {
    throw failure("ambiguous", `multiple matches for selector ${describeSelector(selector)}`, {
      node: source.node,
      related: matches.map((match) => relatedPlace("one of them", placeOf(match))),
    });
  }
  const path = source.fieldPath || "metadata.name";
  const node = lookupPath(resource.root, splitSmartly(path));
  if (node === undefined || isNilOrEmpty(node)) {
    throw failure(
      "no-field",
      `fieldPath \`${path}\` is missing for replacement source ${describeSelector(selector)}`,
      { node: source.node, related: [relatedPlace("the source", placeOf(resource))] },
    );
  }
  // A copy, because later steps may change the field and the value was taken before.
  const from = [{ object: resource.root, field: path, node: isScalar(node) ? cloneNode(node) : node }];
  return { value: refinedValue(node, source.options), from };
}

interface SourceValue {
  readonly value: YamlNode;
  readonly from: readonly StepSource[];
  /** Where the value is written, when it is in the replacement itself. */
  readonly at?: YamlNode;
}

function isChosen(id: ResourceId, selector: ResourceId): boolean {
  if (selector.name !== "" && selector.name !== id.name) return false;
  if (selector.namespace !== "" && (selector.namespace || "default") !== (id.namespace || "default"))
    return false;
  return isSelectedBy(id, selector);
}

function describeSelector(selector: ResourceId): string {
  return `${selector.kind || "[noKind]"}.${selector.version || "[noVer]"}.${selector.group || "[noGrp]"}/${selector.name || "[noName]"}.${selector.namespace || "[noNs]"}`;
}

function refinedValue(node: YamlNode, options: FieldOptions | undefined): YamlNode {
  const delimiter = options?.delimiter ?? "";
  if (delimiter === "") return node;
  if (!isScalar(node)) {
    throw failure("wrong-kind", "delimiter option can only be used with scalar nodes", { node });
  }
  const pieces = node.text.split(delimiter);
  const index = options?.index ?? 0;
  const piece = pieces[index];
  if (piece === undefined) {
    throw failure("wrong-index", `options.index ${index} is out of bounds for value ${node.text}`, {
      node: options?.node,
    });
  }
  const copy = cloneNode(node);
  copy.text = piece;
  return copy;
}

function allIds(resource: Resource): ResourceId[] {
  return [currentId(resource), ...previousIdsOf(resource)];
}

function applyToTarget(
  resources: readonly Resource[],
  value: YamlNode,
  target: Target,
  step: Step,
  scope: BuildScope,
): number {
  if (target.select === undefined) {
    throw failure("wrong-replacement", "target must specify resources to select", { node: target.node });
  }
  const select = compileSelector(target.select, true);
  const rejects = (target.reject ?? []).map((reject) => ({ reject, matcher: compileSelector(reject, true) }));
  const paths = target.fieldPaths?.length ? target.fieldPaths : ["metadata.name"];
  let count = 0;
  for (const resource of resources) {
    if (isNilOrEmpty(resource.root) || !select.matchesMetadata(resource.root)) continue;
    const ids = allIds(resource);
    const matches = (matcher: typeof select) =>
      ids.some(
        (id) =>
          matcher.matchesGvk(id) && matcher.matchesName(id.name) && matcher.matchesNamespace(id.namespace),
      );
    const rejected = rejects.some(({ reject, matcher }) => {
      const byMetadata = (reject.labelSelector ?? "") !== "" || (reject.annotationSelector ?? "") !== "";
      if (byMetadata && matcher.matchesMetadata(resource.root)) return true;
      const byId = [reject.group, reject.version, reject.kind, reject.name, reject.namespace].some(Boolean);
      return byId && matches(matcher);
    });
    if (rejected || !matches(select)) continue;
    count++;
    for (const path of paths) setAtPath(resource, path, value, target, step, scope);
  }
  return count;
}

function setAtPath(
  resource: Resource,
  path: string,
  value: YamlNode,
  target: Target,
  step: Step,
  scope: BuildScope,
): void {
  const create = target.options?.create ? kindOfValue(value) : null;
  const parts = splitSmartly(path);
  if (replaceInText(resource.root, parts, value, create, step)) return;
  let fields: YamlNode[] | null;
  try {
    fields = matchFields(resource.root, parts, create);
  } catch (error) {
    throw withContext(error, fieldError(path, create !== null), target.node);
  }
  if (fields === null || fields.length === 0) {
    throw failure("no-field", fieldError(path, create !== null), {
      node: target.node,
      related: [relatedPlace("the target", placeOf(resource))],
      ...(create === null ? { next: "Set options.create to true to have it made." } : {}),
    });
  }
  for (const field of fields) setField(field, value, target.options, step, scope);
  if (fields.every((field) => detached.has(field))) {
    scope.warn("no-match", `the text that ${path} leads into can't take this value and stays`, target.node);
  }
}

function fieldError(path: string, create: boolean): string {
  return `unable to find ${create ? "or create " : ""}field "${path}" in replacement target`;
}

function kindOfValue(value: YamlNode): "map" | "list" | "scalar" {
  return value.type === "map" || value.type === "list" ? value.type : "scalar";
}

function setField(
  field: YamlNode,
  value: YamlNode,
  options: FieldOptions | undefined,
  step: Step,
  scope: BuildScope,
): void {
  let text = value.text;
  const delimiter = options?.delimiter ?? "";
  if (delimiter !== "") {
    if (!isScalar(field)) {
      throw failure("wrong-kind", "delimiter option can only be used with scalar nodes", { node: field });
    }
    const pieces = field.text.split(delimiter);
    const index = options?.index ?? 0;
    if (index < 0) pieces.unshift(text);
    else if (index >= pieces.length) pieces.push(text);
    else pieces[index] = text;
    text = pieces.join(delimiter);
  }
  if (detached.has(field)) return;
  if (isScalar(field)) {
    if (!setTextKeepingType(field, text, step)) scope.unprintable.push(field);
    return;
  }
  const copy = cloneNode(value);
  if (isScalar(copy)) copy.text = text;
  replaceNode(field, copy, step);
  if (isMistyped(field)) scope.unprintable.push(field);
}
