// Reads objects from YAML text: several documents, lists taken apart, each one checked.
import { getChild, type ReadOptions, readNodes, type YamlNode } from "@slipway/yaml";
import { takeBookkeeping } from "./bookkeeping.ts";
import { failure } from "./problem.ts";
import { makeResource, metadataText, type Resource } from "./resource.ts";
import { isNilOrEmpty } from "./set-value.ts";
import { throughJson } from "./through-json.ts";

/**
 * The objects of a text. Lists (`kind: …List` with items) are replaced by their items, which come after all
 * else, as in kustomize. Throws a ProblemError for YAML that does not parse and for objects without kind or
 * name.
 */
export function readResources(text: string, source: Omit<ReadOptions, "dialect">): Resource[] {
  const documents = readNodes(text, { ...source, dialect: "kustomize" });
  return resourcesFromNodes(documents);
}

/** The same for nodes that were read already. */
export function resourcesFromNodes(documents: readonly YamlNode[]): Resource[] {
  const queue = checked(unwrapSingleList(documents));
  const resources: Resource[] = [];
  for (let index = 0; index < queue.length; index++) {
    const node = queue[index] as YamlNode;
    const items = getChild(node, "items");
    if (!kindText(node).endsWith("List") || items === undefined) {
      const resource = makeResource(node);
      takeBookkeeping(resource);
      resources.push(resource);
      continue;
    }
    if (items.type === "null") continue;
    if (items.type !== "list") {
      throw failure("wrong-kind", `expected array in ${kindText(node)}/items, but found ${items.type}`, {
        node: items,
      });
    }
    const objects = checked(items.children);
    for (const object of objects) throughJson(object, "json");
    queue.push(...objects);
  }
  return resources;
}

/** A single document of kind List or ResourceList is its items, whatever they are. */
function unwrapSingleList(documents: readonly YamlNode[]): readonly YamlNode[] {
  const [only] = documents;
  if (documents.length !== 1 || only === undefined) return documents;
  const kind = kindText(only);
  if (kind !== "List" && kind !== "ResourceList") return documents;
  const items = getChild(only, "items");
  if (items === undefined && getChild(only, "functionConfig") === undefined) return documents;
  return items?.children ?? [];
}

function checked(nodes: readonly YamlNode[]): YamlNode[] {
  return nodes.filter((node) => {
    if (isNilOrEmpty(node)) return false;
    refuseIncomplete(node);
    return true;
  });
}

/** Throws a ProblemError for a node that is no object, or has no kind or name. */
export function refuseIncomplete(node: YamlNode): void {
  if (node.type !== "map") {
    throw failure("no-object", `expected a Kubernetes object, found ${describe(node)}`, { node });
  }
  refuseAnnotationList(node);
  const kind = kindText(node);
  if (kind === "") throw failure("no-kind", "missing kind in object", { node });
  if (kind.endsWith("List")) return;
  if (metadataText(node, "name") === "") {
    throw failure("no-name", `missing metadata.name in object of kind ${kind}`, {
      node: getChild(node, "metadata") ?? node,
    });
  }
}

/** Throws a ProblemError for annotations that are a list: kustomize can't read those. */
export function refuseAnnotationList(root: YamlNode): void {
  const annotations = getChild(getChild(root, "metadata"), "annotations");
  if (annotations?.type !== "list") return;
  throw failure("wrong-kind", "metadata.annotations must be a map, found a list", { node: annotations });
}

function describe(node: YamlNode): string {
  return node.type === "list" ? "a list" : `${node.text} (${node.type})`;
}

function kindText(node: YamlNode): string {
  return getChild(node, "kind")?.text ?? "";
}
