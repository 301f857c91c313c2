// ValueAddTransformer: sets a field of chosen objects, or puts a part into a path that it holds.
import { collectionNode, getChild, isScalar, readNode, type YamlNode } from "@slipway/yaml";
import { list, looseText, record } from "../decode.ts";
import { selectorDecoder } from "../kustomization.ts";
import { textOf } from "../loaded-file.ts";
import { type Loader, loadFile } from "../loader.ts";
import { failure } from "../problem.ts";
import type { Resource } from "../resource.ts";
import { selectResources } from "../selector.ts";
import { createdScalar, setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import { splitPath } from "../transformer-config.ts";
import { setNamespace } from "../transformers/namespace.ts";
import { pluginConfig } from "./plugin-config.ts";

const targetList = list(
  record(
    { selector: selectorDecoder(looseText, "ignore"), fieldPath: looseText, filePathPosition: looseText },
    "ignore",
  ),
);
const valueAddConfig = pluginConfig({ value: looseText, targets: targetList, targetFilePath: looseText });
/** Sets a value, or puts it into a path that a field holds. */
export function addValues(root: YamlNode, resources: readonly Resource[], loader: Loader): void {
  const entry = valueAddConfig(root, "");
  const value = (entry.value ?? "").trim() || (loader.root.split("/").at(-1) ?? "");
  const targets = [...(entry.targets ?? []), ...targetsOfFile(entry.targetFilePath ?? "", root, loader)];
  if (targets.length === 0) throw failure("wrong-config", "must specify at least one target", { node: root });
  for (const target of targets) {
    const path = target.fieldPath ?? "";
    const position = Number(target.filePathPosition ?? "0");
    if (path === "") throw failure("wrong-config", "fieldPath cannot be empty", { node: target.node });
    if (position < 0) {
      throw failure("wrong-config", `value of FilePathPosition (${position}) cannot be negative`, {
        node: target.node,
      });
    }
    const step: Step = { kind: "valueAdd", at: root };
    const selected = target.selector ? selectResources(resources, target.selector) : resources;
    for (const resource of selected) {
      if (path === "metadata/namespace") {
        setNamespace(resource.root, { namespace: value, fieldSpecs: [], step });
      } else addValue(resource.root, splitPath(path), value, position, step);
    }
  }
}

function targetsOfFile(path: string, root: YamlNode, loader: Loader) {
  if (path === "") return [];
  const file = loadFile(loader, path, root);
  const content = readNode(textOf(file), { file: file.path, dialect: "kubectl" });
  return record({ targets: targetList }, "ignore")(content, "").targets ?? [];
}

/** Sets one field of an object, made if it is missing. */
export function addValue(
  root: YamlNode,
  path: readonly string[],
  value: string,
  position: number,
  step: Step,
): void {
  let node = root;
  for (const [index, part] of path.entries()) {
    let child = getChild(node, part);
    if (child === undefined) {
      child = index === path.length - 1 ? createdScalar("", "string", step) : collectionNode("map");
      child.key = part;
      node.children.push(child);
    }
    node = child;
  }
  if (!isScalar(node)) throw failure("wrong-kind", "expected a scalar here", { node });
  setScalar(node, position > 0 ? insertPathPart(node.text, position - 1, value) : value, step);
}

/** Puts a part into a path at a position; past its end it goes last. */
export function insertPathPart(path: string, position: number, part: string): string {
  const absolute = path.startsWith("/");
  const parts = path.split("/").filter((piece) => piece !== "");
  parts.splice(Math.min(position, parts.length), 0, part);
  return (absolute ? "/" : "") + parts.join("/");
}
