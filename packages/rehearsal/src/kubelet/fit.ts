// Whether a pod may run on a node, and in the scheduler's words why not (kube-scheduler's filter plugins).
import { isOfPods } from "../builtin/pod-resources.ts";
import type { Node, Taint } from "../controllers/kinds/cluster.ts";
import type { StringMap } from "../controllers/kinds/meta.ts";
import type {
  NodeSelectorTerm,
  Pod,
  PodAffinityTerm,
  Quantities,
  Toleration,
} from "../controllers/kinds/pod.ts";
import { isPodFinished } from "../controllers/pods.ts";
import { matchesSelector, meets } from "../controllers/selectors.ts";
import { quantityOf } from "./quantity.ts";

/** What is known of a node: the object and the pods on it. */
export interface NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
}

/** Why a pod cannot run on a node. */
export interface Misfit {
  readonly reasons: readonly string[];
  /** Whether the node would do if other pods left it. */
  readonly othersInTheWay: boolean;
}

/** Why a pod cannot run on a node; `undefined` when it can. `all` is every node, for terms about other pods. */
export function findMisfit(pod: Pod, info: NodeInfo, all: readonly NodeInfo[]): Misfit | undefined {
  const { node, pods } = info;
  const unfit = (...reasons: string[]): Misfit => ({ reasons, othersInTheWay: false });
  const named = nodesNamedBy(pod);
  if (named && !named.includes(node.metadata.name)) {
    return unfit("node(s) didn't satisfy plugin(s) [NodeAffinity]");
  }
  if (node.spec?.unschedulable && !tolerates(pod.spec.tolerations, UNSCHEDULABLE)) {
    return unfit("node(s) were unschedulable");
  }
  if (!matchesNode(pod, node)) return unfit("node(s) didn't match Pod's node affinity/selector");
  if (findUntolerated(pod, node)) return unfit("node(s) had untolerated taint(s)");
  if (takesPort(pod, pods)) {
    const reason = "node(s) didn't have free ports for the requested pod ports";
    return { reasons: [reason], othersInTheWay: true };
  }
  return findShortage(pod, info) ?? findSpreadMisfit(pod, info, all) ?? findAffinityMisfit(pod, info, all);
}

/** The only nodes that the pod may run on where all its terms name some, as a DaemonSet's pod's does. */
function nodesNamedBy(pod: Pod): string[] | undefined {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const fields = (required?.nodeSelectorTerms ?? []).map(({ matchFields = [] }) =>
    matchFields.find(({ key, operator }) => key === "metadata.name" && operator === "In"),
  );
  if (fields.length === 0 || fields.some((field) => field === undefined)) return undefined;
  return fields.flatMap((field) => field?.values ?? []);
}

/** Whether the pod's like would be spread too unevenly (plugin PodTopologySpread, `DoNotSchedule` only). */
function findSpreadMisfit(pod: Pod, { node }: NodeInfo, all: readonly NodeInfo[]): Misfit | undefined {
  const reason = "node(s) didn't match pod topology spread constraints";
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule",
  );
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const hasAll = ({ metadata }: Node) => keys.every((key) => metadata.labels?.[key] !== undefined);
  for (const { topologyKey, maxSkew, labelSelector } of constraints) {
    const domain = node.metadata.labels?.[topologyKey];
    if (domain === undefined) {
      return { reasons: [`${reason} (missing required label)`], othersInTheWay: false };
    }
    const counts = new Map<string, number>();
    for (const other of all.filter((one) => hasAll(one.node) && matchesNode(pod, one.node))) {
      const name = other.node.metadata.labels?.[topologyKey] ?? "";
      const alike = other.pods.filter(
        ({ metadata }) =>
          metadata.namespace === pod.metadata.namespace &&
          !metadata.deletionTimestamp &&
          matchesSelector(labelSelector, metadata.labels),
      );
      counts.set(name, (counts.get(name) ?? 0) + alike.length);
    }
    const itself = matchesSelector(labelSelector, pod.metadata.labels) ? 1 : 0;
    const least = Math.min(...counts.values());
    if ((counts.get(domain) ?? 0) + itself - least > maxSkew) {
      return { reasons: [reason], othersInTheWay: true };
    }
  }
  return undefined;
}

const UNSCHEDULABLE: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

/** Node selector and required node affinity; also what decides on which nodes a DaemonSet runs. */
export function matchesNode(pod: Pick<Pod, "spec">, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) {
    if (labels[key] !== value) return false;
  }
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** How much a node suits the pod's preferred node affinity. */
export function preferenceOf(pod: Pod, node: Node): number {
  const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred.reduce(
    (sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0),
    0,
  );
}

/** The first taint that keeps the pod away (NoSchedule and NoExecute do, PreferNoSchedule does not). */
export function findUntolerated(pod: Pick<Pod, "spec">, node: Node): Taint | undefined {
  return node.spec?.taints?.find(
    (taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint),
  );
}

/** CPU, memory and every other resource that a pod asks for (or is limited to), as numbers. */
export function sumRequests(pod: Pod, field: "requests" | "limits" = "requests"): Map<string, number> {
  const total = new Map<string, number>();
  const add = (amounts: Quantities = {}) => {
    for (const [name, value] of Object.entries(amounts)) {
      total.set(name, (total.get(name) ?? 0) + quantityOf(value));
    }
  };
  for (const container of pod.spec.containers) add(container.resources?.[field]);
  for (const container of pod.spec.initContainers ?? []) {
    const amounts = container.resources?.[field];
    // A sidecar runs beside the others; an ordinary init container runs before them.
    if (container.restartPolicy === "Always") add(amounts);
    else {
      for (const [name, value] of Object.entries(amounts ?? {})) {
        total.set(name, Math.max(total.get(name) ?? 0, quantityOf(value)));
      }
    }
  }
  for (const [name, value] of Object.entries(pod.spec.resources?.[field] ?? {})) {
    if (isOfPods(name)) total.set(name, quantityOf(value));
  }
  return total;
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const labels: StringMap = node.metadata.labels ?? {};
  const fields: StringMap = { "metadata.name": node.metadata.name };
  return (
    matchExpressions.every((requirement) => meets(requirement, labels)) &&
    matchFields.every((requirement) => meets(requirement, fields))
  );
}

function tolerates(tolerations: readonly Toleration[] = [], taint: Taint): boolean {
  return tolerations.some((toleration) => {
    if (toleration.effect && toleration.effect !== taint.effect) return false;
    if (toleration.key && toleration.key !== taint.key) return false;
    if (toleration.operator === "Exists") return true;
    return toleration.key !== undefined && (toleration.value ?? "") === (taint.value ?? "");
  });
}

function takesPort(pod: Pod, pods: readonly Pod[]): boolean {
  const ports = hostPorts(pod);
  return ports.length > 0 && pods.some((other) => hostPorts(other).some((port) => ports.includes(port)));
}

function hostPorts(pod: Pod): string[] {
  return pod.spec.containers.flatMap(({ ports = [] }) =>
    ports
      .filter(({ hostPort }) => hostPort)
      .map(({ hostPort, protocol = "TCP" }) => `${protocol}/${hostPort}`),
  );
}

function findShortage(pod: Pod, { node, pods }: NodeInfo): Misfit | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const running = pods.filter((other) => !isPodFinished(other));
  const reasons = running.length + 1 > quantityOf(allocatable.pods) ? ["Too many pods"] : [];
  let othersInTheWay = true;
  for (const [name, wanted] of knownRequests(pod)) {
    if (wanted === 0) continue;
    const taken = running.reduce((sum, other) => sum + (knownRequests(other).get(name) ?? 0), 0);
    const whole = quantityOf(allocatable[name]);
    if (taken + wanted > whole) reasons.push(`Insufficient ${name}`);
    if (wanted > whole) othersInTheWay = false;
  }
  return reasons.length > 0 ? { reasons, othersInTheWay } : undefined;
}

const requests = new WeakMap<Pod, ReadonlyMap<string, number>>();

/** A pod's requests, added up once: objects of the caches do not change. */
function knownRequests(pod: Pod): ReadonlyMap<string, number> {
  let known = requests.get(pod);
  if (!known) {
    known = sumRequests(pod);
    requests.set(pod, known);
  }
  return known;
}

function findAffinityMisfit(pod: Pod, info: NodeInfo, all: readonly NodeInfo[]): Misfit | undefined {
  const near = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const apart = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const term of near) {
    const found = hasPeer(pod, term, { info, all });
    // The first of a group that is to be together may start anywhere.
    const first = matchesSelector(term.labelSelector, pod.metadata.labels) && !existsAnywhere(pod, term, all);
    if (!found && !first) {
      return { reasons: ["node(s) didn't match pod affinity rules"], othersInTheWay: false };
    }
  }
  for (const term of apart) {
    if (hasPeer(pod, term, { info, all })) {
      return { reasons: ["node(s) didn't match pod anti-affinity rules"], othersInTheWay: true };
    }
  }
  return undefined;
}

/** Whether a pod that the term selects runs in the same topology domain as the node. */
function hasPeer(
  pod: Pod,
  term: PodAffinityTerm,
  { info, all }: { readonly info: NodeInfo; readonly all: readonly NodeInfo[] },
): boolean {
  const domain = info.node.metadata.labels?.[term.topologyKey];
  if (domain === undefined) return false;
  return all.some(
    ({ node, pods }) =>
      node.metadata.labels?.[term.topologyKey] === domain &&
      pods.some((other) => isSelected(pod, term, other)),
  );
}

function existsAnywhere(pod: Pod, term: PodAffinityTerm, all: readonly NodeInfo[]): boolean {
  return all.some(({ pods }) => pods.some((other) => isSelected(pod, term, other)));
}

function isSelected(pod: Pod, term: PodAffinityTerm, other: Pod): boolean {
  const namespaces = term.namespaces?.length ? term.namespaces : [pod.metadata.namespace ?? ""];
  return (
    namespaces.includes(other.metadata.namespace ?? "") &&
    matchesSelector(term.labelSelector, other.metadata.labels)
  );
}
