// `images`: other names, tags and digests for container images.
import { getChild, isScalar, type YamlNode } from "@slipway/yaml";
import { visitAllFields } from "../field-spec.ts";
import type { ImageEntry } from "../kustomization.ts";
import { failure } from "../problem.ts";
import { kindOf, type Resource } from "../resource.ts";
import { setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import type { FieldSpec } from "../transformer-config.ts";

/** All fields that may hold an image. */
export interface ImageFields {
  /** `image` of the items of any list called containers or initContainers, however deep. */
  readonly containers: readonly YamlNode[];
  /** What the field specs name. */
  readonly specified: readonly YamlNode[];
}

/** Finds the image fields of all objects but CRDs, once for all entries of `images`. */
export function findImages(resources: readonly Resource[], fieldSpecs: readonly FieldSpec[]): ImageFields {
  const containers: YamlNode[] = [];
  const specified: YamlNode[] = [];
  for (const resource of resources) {
    if (kindOf(resource) === "CustomResourceDefinition") continue;
    collectContainers(resource.root, containers);
    visitAllFields(resource.root, fieldSpecs, {
      set: (node) => specified.push(node),
      step: { kind: "images", at: null },
    });
  }
  return { containers, specified };
}

/** Changes the images that an entry matches; says how many fields those were. */
export function applyImage(fields: ImageFields, image: ImageEntry, step: Step): number {
  const pattern = imagePattern(image);
  let count = 0;
  for (const node of [...fields.containers, ...fields.specified]) {
    if (!isScalar(node)) throw failure("wrong-kind", "an image must be a string", { node });
    if (!pattern.test(node.text)) continue;
    count++;
    setScalar(node, newImage(node.text, image), step);
  }
  return count;
}

/** kustomize takes the name for a regular expression (`foo.bar` also matches `fooxbar`). */
function imagePattern(image: ImageEntry): RegExp {
  const rest = "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$";
  try {
    return new RegExp(`^${image.name ?? ""}${rest}`);
  } catch (cause) {
    throw failure("wrong-expression", `${image.name} is no regular expression`, { node: image.node, cause });
  }
}

/** The image that an entry makes of one that it matches. */
export function newImage(text: string, image: ImageEntry): string {
  let { name, tag, digest } = splitImage(text);
  if (image.newName) name = image.newName;
  if (image.newTag || image.digest) {
    tag = image.newTag ?? "";
    digest = image.digest ?? "";
  } else if (image.tagSuffix) {
    tag += image.tagSuffix;
    digest = "";
  }
  return name + (tag === "" ? "" : `:${tag}`) + (digest === "" ? "" : `@${digest}`);
}

/** Name, tag and digest; a colon before the first slash belongs to a port. */
export function splitImage(text: string): { name: string; tag: string; digest: string } {
  const slash = Math.max(text.indexOf("/"), 0);
  const at = text.indexOf("@", slash);
  const colon = text.indexOf(":", slash);
  if (at < 0 && colon < 0) return { name: text, tag: "", digest: "" };
  if (at >= 0 && (colon < 0 || at < colon)) {
    return { name: text.slice(0, at), tag: "", digest: text.slice(at + 1) };
  }
  if (at >= 0) {
    return { name: text.slice(0, colon), tag: text.slice(colon + 1, at), digest: text.slice(at + 1) };
  }
  return { name: text.slice(0, colon), tag: text.slice(colon + 1), digest: "" };
}

function collectContainers(node: YamlNode, into: YamlNode[]): void {
  for (const child of node.children) {
    if (child.children.length === 0) continue;
    collectContainers(child, into);
    if (child.type !== "list" || (child.key !== "containers" && child.key !== "initContainers")) continue;
    for (const item of child.children) {
      if (item.type === "null") continue;
      if (item.type !== "map") {
        throw failure("wrong-kind", `an item of ${child.key} must be a map`, { node: item });
      }
      const image = getChild(item, "image");
      if (image) into.push(image);
    }
  }
}
