// Selects objects by regular expressions on their ids, and by labels and annotations.
import { getChild, type YamlNode } from "@slipway/yaml";
import { effectiveNamespace, type Gvk } from "./identity.ts";
import type { SelectorEntry } from "./kustomization.ts";
import { matchesLabels } from "./label-selector.ts";
import { failure } from "./problem.ts";
import { currentId, gvkOf, originalId, type Resource } from "./resource.ts";
import { stringEntries } from "./set-value.ts";

/** A selector whose expressions are compiled. */
export interface SelectorMatcher {
  readonly matchesGvk: (gvk: Gvk) => boolean;
  readonly matchesName: (name: string) => boolean;
  readonly matchesNamespace: (namespace: string) => boolean;
  readonly matchesMetadata: (root: YamlNode) => boolean;
}

/**
 * Compiles a selector; an expression that does not compile is an error at its place. With `orLiteral` a text
 * equal to the expression matches too: replacements compared literally until kustomize 5.8, and names such as
 * `$(profile-name)` in Kubeflow 1.11 count on it.
 */
export function compileSelector(selector: SelectorEntry, orLiteral = false): SelectorMatcher {
  const expression = (key: "group" | "version" | "kind" | "name" | "namespace") => {
    const pattern = selector[key] ?? "";
    const matches = compile(pattern, getChild(selector.node, key));
    return orLiteral ? (text: string) => text === pattern || matches(text) : matches;
  };
  const group = expression("group");
  const version = expression("version");
  const kind = expression("kind");
  return {
    matchesGvk: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    matchesName: expression("name"),
    matchesNamespace: expression("namespace"),
    matchesMetadata: (root) => matchesMetadata(root, selector),
  };
}

/** The objects that a patch's target selects: by their original or their present name and namespace. */
export function selectResources(resources: readonly Resource[], selector: SelectorEntry): Resource[] {
  const matcher = compileSelector(selector);
  return resources.filter((resource) => {
    if (!matcher.matchesGvk(gvkOf(resource))) return false;
    const current = currentId(resource);
    const original = originalId(resource);
    if (!matcher.matchesName(original.name) && !matcher.matchesName(current.name)) return false;
    if (
      !matcher.matchesNamespace(effectiveNamespace(original)) &&
      !matcher.matchesNamespace(effectiveNamespace(current))
    ) {
      return false;
    }
    return matcher.matchesMetadata(resource.root);
  });
}

const compiled = new Map<string, RegExp>();

function compile(pattern: string, node: YamlNode | undefined): (text: string) => boolean {
  if (pattern === "") return () => true;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    try {
      expression = goRegExp(`^(?:${pattern})$`);
    } catch (cause) {
      throw failure("wrong-expression", `${pattern} is not a regular expression`, { node, cause });
    }
    compiled.set(pattern, expression);
  }
  const found = expression;
  return (text) => found.test(text);
}

/** A Go regular expression; the differences that matter in selectors are leading flags. */
export function goRegExp(pattern: string): RegExp {
  const flags = /^\^\(\?:\(\?([ims]+)\)/.exec(pattern);
  if (!flags) return new RegExp(pattern, "u");
  return new RegExp(pattern.replace(flags[0], "^(?:"), `u${flags[1]}`);
}

function matchesMetadata(root: YamlNode, selector: SelectorEntry): boolean {
  const labels = selector.labelSelector ?? "";
  const annotations = selector.annotationSelector ?? "";
  if (labels === "" && annotations === "") return true;
  const metadata = getChild(root, "metadata");
  return (
    matchesLabels(stringEntries(getChild(metadata, "labels")), labels, selector.node) &&
    matchesLabels(stringEntries(getChild(metadata, "annotations")), annotations, selector.node)
  );
}
