import type { Graph, GraphNode } from "@slipway/graph";
import {
  controllerSteps,
  podReadyMs,
  sidecarImageFrom,
  type TimedPodSpec,
  type TimeModel,
} from "@slipway/rehearsal/times";

type ObjectNode = Extract<GraphNode, { type: "object" }>;

const workloadKinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job"]);

/**
 * How long each node of a graph is expected to take from its write until it is ready, by a time model (the
 * built-in one when left out): pods as their images say (with the sidecar's image where one is injected), a few
 * kinds a fraction of a second, everything else no time.
 */
export function expectedTimes(graph: Graph, timeModel?: TimeModel): (node: GraphNode) => number {
  const controllerMs: Readonly<Record<string, number>> = {
    CustomResourceDefinition: controllerSteps.definitionMs,
    Issuer: controllerSteps.issuerMs,
    ClusterIssuer: controllerSteps.issuerMs,
    Certificate: controllerSteps.certificateMs,
  };
  const injected = new Set(graph.edges.filter((edge) => edge.rule === "injection").map((edge) => edge.from));
  const injector = graph.nodes.get("/ConfigMap:istio-system/istio-sidecar-injector");
  const sidecar = { image: sidecarImageFrom(injector?.type === "object" ? injector.object : undefined) };
  return (node) => {
    if (node.type !== "object") return 0;
    const spec = podSpecOf(node);
    if (!spec) return controllerMs[node.id.kind] ?? 0;
    const containers = injected.has(node.key) ? [...(spec.containers ?? []), sidecar] : spec.containers;
    return podReadyMs({ ...spec, ...(containers ? { containers } : {}) }, timeModel);
  };
}

function podSpecOf({ id, object }: ObjectNode): TimedPodSpec | undefined {
  if (!workloadKinds.has(id.kind)) return undefined;
  const { template } = (object.spec ?? {}) as { readonly template?: { readonly spec?: TimedPodSpec } };
  return template?.spec;
}
