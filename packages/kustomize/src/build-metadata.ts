// Writes what `buildMetadata` asks for, and takes away what an input claims of it.
import { getChild, type YamlNode } from "@slipway/yaml";
import { type Origin, printOrigin, printTransformations } from "./origin.ts";
import { failure } from "./problem.ts";
import type { Resource } from "./resource.ts";
import { ensureMap, setEntry, setStringMap, stringEntries } from "./set-value.ts";
import type { Step } from "./step.ts";

const originKey = "config.kubernetes.io/origin";
const transformationsKey = "alpha.config.kubernetes.io/transformations";
const step: Step = { kind: "metadata", at: null };

/** kustomize's own version, for the managed-by label. */
const emulatedVersion = "v5.8.1";

/** What `buildMetadata` may list. */
const known = ["originAnnotations", "transformerAnnotations", "managedByLabel"];

/** Refuses what is not known. */
export function checkBuildMetadata(wanted: readonly string[], node: YamlNode): void {
  for (const item of wanted) {
    if (known.includes(item)) continue;
    throw failure("wrong-build-metadata", `buildMetadata knows ${known.join(", ")}, not ${item}`, { node });
  }
}

/** Notes a transformation on objects whose origin is known; the others come from it. */
export function recordTransformation(resources: readonly Resource[], origin: Origin): void {
  for (const resource of resources) {
    if (resource.origin === null) resource.origin = origin;
    else resource.transformations.push(origin);
    rewriteAnnotations(resource.root, step);
  }
}

/** kustomize keeps its notes among the annotations, all of which become strings each time it adds one. */
export function rewriteAnnotations(root: YamlNode, step: Step): void {
  const metadata = getChild(root, "metadata");
  const annotations = getChild(metadata, "annotations");
  if (metadata && annotations) setStringMap(metadata, "annotations", stringEntries(annotations), step);
}

/** Brings an object's annotations and labels into their final form. */
export function writeBuildMetadata(resource: Resource, wanted: readonly string[]): void {
  if (wanted.includes("managedByLabel")) {
    const labels = ensureMap(ensureMap(resource.root, "metadata", step), "labels", step);
    setEntry(labels, "app.kubernetes.io/managed-by", `kustomize-${emulatedVersion}`, step, "string");
  }
  const metadata = getChild(resource.root, "metadata");
  if (metadata === undefined) return;
  const existing = getChild(metadata, "annotations");
  const entries = stringEntries(existing);
  entries.delete(originKey);
  entries.delete(transformationsKey);
  if (wanted.includes("originAnnotations") && resource.origin) {
    entries.set(originKey, printOrigin(resource.origin));
  }
  if (wanted.includes("transformerAnnotations") && resource.transformations.length > 0) {
    entries.set(transformationsKey, printTransformations(resource.transformations));
  }
  // kustomize rewrites all annotations at the end: values become strings, an empty map goes.
  if (existing !== undefined || entries.size > 0) setStringMap(metadata, "annotations", entries, step);
}
