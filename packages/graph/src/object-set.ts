import {
  formatIdentity,
  groupOf,
  identify,
  type KubernetesObject,
  type ObjectIdentity,
  objectKey,
  suggest,
  versionOf,
} from "@slipway/kubernetes/objects";
import { type Problem, ProblemError } from "@slipway/yaml";
import type { ObjectPattern, RuntimeFacts } from "./facts.ts";
import { labelsAt } from "./fields.ts";
import { hasLabels } from "./has-labels.ts";
import { type KindInfo, type Kinds, readKinds } from "./kinds.ts";
import { type PodTemplate, podTemplateOf } from "./pods.ts";
import type { GraphInput, GraphNode } from "./types.ts";

export type ObjectNode = Extract<GraphNode, { type: "object" }>;
export type CreatedNode = Extract<GraphNode, { type: "created" }>;

/** A workload of the set with the pods that it makes. */
export interface Workload {
  readonly node: ObjectNode;
  readonly pods: PodTemplate;
}

/** What is known from outside the objects. */
export interface GraphOptions {
  /** True for a kind that the cluster already serves though the set does not define it. */
  readonly known?: (kind: { readonly group: string; readonly kind: string }) => boolean;
  /** The labels of a namespace that is on the cluster and not in the set. */
  readonly namespaceLabels?: (namespace: string) => Readonly<Record<string, string>> | undefined;
  readonly facts?: RuntimeFacts;
}

/** The input, indexed once for all rules. */
export interface ObjectSet {
  readonly nodes: readonly ObjectNode[];
  readonly facts: RuntimeFacts;
  readonly workloads: readonly Workload[];
  find(id: ObjectIdentity): ObjectNode | undefined;
  ofKind(group: string, kind: string): readonly ObjectNode[];
  matching(pattern: ObjectPattern): readonly ObjectNode[];
  kindOf(node: ObjectNode): KindInfo | undefined;
  podsOf(node: ObjectNode): PodTemplate | undefined;
  /** Labels of a namespace, with the one that the API server adds; undefined where nothing is known of it. */
  namespaceLabels(name: string): Readonly<Record<string, string>> | undefined;
  /** The workloads whose pods a Service selects. */
  workloadsBehind(service: ObjectNode): readonly Workload[];
}

/**
 * Indexes the input. Objects of cluster-scoped kinds lose `metadata.namespace` in their identity, as the API
 * server drops it. Throws ProblemError for an object that comes twice and for kinds that nothing defines.
 */
export function readObjectSet(inputs: readonly GraphInput[], options: GraphOptions): ObjectSet {
  const kinds = readKinds(inputs.map((input) => input.object));
  const byKey = new Map<string, ObjectNode>();
  const byKind = new Map<string, ObjectNode[]>();
  const kindInfos = new Map<ObjectNode, KindInfo>();
  const pods = new Map<ObjectNode, PodTemplate>();
  const workloads: Workload[] = [];
  for (const input of inputs) {
    const info = kindInfoOf(input, kinds, options);
    const id = identityIn(info, input.object);
    const key = objectKey(id);
    const first = byKey.get(key);
    if (first) throw duplicate(first, input);
    const node: ObjectNode = {
      type: "object",
      key,
      id,
      object: input.object,
      ...(input.component === undefined ? {} : { component: input.component }),
      ...(input.origin === undefined ? {} : { origin: input.origin }),
    };
    byKey.set(key, node);
    const kindKey = `${id.group}/${id.kind}`;
    const siblings = byKind.get(kindKey);
    if (siblings) siblings.push(node);
    else byKind.set(kindKey, [node]);
    if (info) kindInfos.set(node, info);
    const template = podTemplateOf(input.object);
    if (template) {
      pods.set(node, template);
      workloads.push({ node, pods: template });
    }
  }

  const nodes = [...byKey.values()];
  const ofKind = (group: string, kind: string): readonly ObjectNode[] => byKind.get(`${group}/${kind}`) ?? [];
  return {
    nodes,
    workloads,
    facts: options.facts ?? {},
    find: (id) => byKey.get(objectKey(id)),
    ofKind,
    matching(pattern) {
      const candidates =
        pattern.group === undefined
          ? nodes.filter((node) => node.id.kind === pattern.kind)
          : ofKind(pattern.group, pattern.kind);
      return candidates.filter(
        ({ id }) =>
          (pattern.namespace === undefined || id.namespace === pattern.namespace) &&
          (pattern.name === undefined || id.name === pattern.name),
      );
    },
    kindOf: (node) => kindInfos.get(node),
    podsOf: (node) => pods.get(node),
    namespaceLabels(name) {
      const node = byKey.get(objectKey({ group: "", kind: "Namespace", name }));
      const labels = node ? labelsAt(node.object, "metadata", "labels") : options.namespaceLabels?.(name);
      return labels && { ...labels, "kubernetes.io/metadata.name": name };
    },
    workloadsBehind(service) {
      const selector = labelsAt(service.object, "spec", "selector");
      if (Object.keys(selector).length === 0) return [];
      return workloads.filter(
        ({ node, pods }) => node.id.namespace === service.id.namespace && hasLabels(pods.labels, selector),
      );
    },
  };
}

function identityIn(info: KindInfo | undefined, object: KubernetesObject): ObjectIdentity {
  const id = identify(object);
  if (info?.namespaced !== false || id.namespace === undefined) return id;
  return { group: id.group, kind: id.kind, name: id.name };
}

function kindInfoOf(
  { object, origin }: GraphInput,
  kinds: Kinds,
  options: GraphOptions,
): KindInfo | undefined {
  const group = groupOf(object.apiVersion);
  const info = kinds.find(group, object.kind);
  if (info && (info.versions.length === 0 || info.versions.includes(versionOf(object.apiVersion))))
    return info;
  if (options.known?.({ group, kind: object.kind })) return info;
  const id = identify(object);
  const described = `${formatIdentity(id)} is of ${object.apiVersion}`;
  const problem: Problem = info
    ? {
        code: "graph/version-not-served",
        message: `${described}, but its CustomResourceDefinition serves only ${info.versions.join(", ")}.`,
        next: `Change its apiVersion to ${group}/${info.versions[0]}.`,
      }
    : {
        code: "graph/unknown-kind",
        message: `${described}, which is no kind of Kubernetes, and no CustomResourceDefinition in the set defines it.`,
        next: suggestKind(`${object.kind}.${group}`, kinds.defined),
      };
  throw new ProblemError({ ...problem, object: formatIdentity(id), ...(origin ? { position: origin } : {}) });
}

function suggestKind(wanted: string, defined: readonly string[]): string {
  const [similar] = suggest(wanted, defined, 1);
  return similar
    ? `Did you mean ${similar}?`
    : "Add the component that brings its CustomResourceDefinition, or drop the object.";
}

function duplicate(first: ObjectNode, second: GraphInput): ProblemError {
  const name = formatIdentity(first.id);
  return new ProblemError({
    code: "graph/duplicate-object",
    message: `${name} is in the set twice.`,
    object: name,
    ...(second.origin ? { position: second.origin } : {}),
    related: [{ message: "it is first here", ...(first.origin ? { position: first.origin } : {}) }],
    next: "Keep one of the two, or turn the second into a patch of the first.",
  });
}
