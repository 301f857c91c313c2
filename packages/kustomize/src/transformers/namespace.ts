// `namespace`: puts every namespaced object into one namespace.
import { getChild, scalarNode, type YamlNode } from "@slipway/yaml";
import { visitAllFields, visitFields } from "../field-spec.ts";
import { describeId, idKey, isClusterScoped } from "../identity.ts";
import { failure, relatedPlace } from "../problem.ts";
import { currentId, type Resource, storePreviousId } from "../resource.ts";
import { placeOf } from "../resource-list.ts";
import { isNilOrEmpty, setScalar } from "../set-value.ts";
import type { Step } from "../step.ts";
import { type FieldSpec, fieldSpec } from "../transformer-config.ts";

/** Which subjects of role bindings follow along. */
export type SubjectMode = "defaultOnly" | "allServiceAccounts" | "none";

export interface NamespaceOptions {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  /** Leave what has a namespace already. */
  readonly unsetOnly?: boolean;
  readonly subjects?: SubjectMode;
  readonly step: Step;
}

const metadataNamespace = fieldSpec({ path: "metadata/namespace", create: true });

/** Changes all objects; two that become the same are an error. */
export function applyNamespace(resources: readonly Resource[], options: NamespaceOptions): void {
  if (options.namespace === "") return;
  const holders = new Map<string, number>();
  const count = (key: string, change: number) => {
    const holding = (holders.get(key) ?? 0) + change;
    holders.set(key, holding);
    return holding;
  };
  for (const resource of resources) count(idKey(currentId(resource)), 1);
  for (const resource of resources) {
    if (isNilOrEmpty(resource.root) || resource.fromHelm) continue;
    storePreviousId(resource);
    count(idKey(currentId(resource)), -1);
    setNamespace(resource.root, options);
    const key = idKey(currentId(resource));
    if (count(key, 1) > 1) throw conflict(resources, resource, key, options.step);
  }
}

/** Changes one object. */
export function setNamespace(root: YamlNode, options: NamespaceOptions): void {
  const apiVersion = getChild(root, "apiVersion")?.text ?? "";
  const kind = getChild(root, "kind")?.text ?? "";
  const set = (node: YamlNode): void => {
    if (options.unsetOnly && !isNilOrEmpty(node) && node.text !== "") return;
    setScalar(node, options.namespace, options.step, "string");
  };
  const visit = { set, create: "scalar", createType: "string", step: options.step } as const;
  const slash = apiVersion.indexOf("/");
  const gvk = {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
  };
  if (!isClusterScoped(gvk)) visitFields(root, metadataNamespace, visit);
  const isBinding = kind === "RoleBinding" || kind === "ClusterRoleBinding";
  if (isBinding) setSubjects(root, options);
  const specs = options.fieldSpecs.filter((spec) => {
    if (spec.path === "metadata/namespace") return false;
    if (spec.path === "metadata/name" && apiVersion !== "v1") return false;
    return !(isBinding && /^(Cluster)?RoleBinding$/.test(spec.kind) && spec.path === "subjects/namespace");
  });
  visitAllFields(root, specs, visit);
}

function setSubjects(root: YamlNode, options: NamespaceOptions): void {
  if (options.subjects === "none") return;
  const subjects = getChild(root, "subjects");
  if (subjects?.type !== "list") return;
  for (const subject of subjects.children) {
    const chosen =
      options.subjects === "allServiceAccounts"
        ? getChild(subject, "kind")?.text === "ServiceAccount"
        : getChild(subject, "name")?.text === "default";
    if (!chosen) continue;
    const existing = getChild(subject, "namespace");
    if (options.unsetOnly && existing && existing.text !== "") continue;
    const node = existing ?? addScalar(subject, "namespace");
    setScalar(node, options.namespace, options.step, "string");
  }
}

function addScalar(map: YamlNode, key: string): YamlNode {
  const node = scalarNode("");
  node.key = key;
  map.children.push(node);
  return node;
}

function conflict(resources: readonly Resource[], resource: Resource, key: string, step: Step): Error {
  const id = describeId(currentId(resource));
  const same = resources.filter((other) => idKey(currentId(other)) === key);
  return failure("id-conflict", `namespace transformation produces ID conflict: ${id} twice`, {
    node: step.at,
    object: id,
    related: same.map((one) => relatedPlace("one of them", placeOf(one))),
  });
}
