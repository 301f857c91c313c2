import type { Graph, GraphNode } from "@slipway/graph";
import type { podReadyMs } from "@slipway/rehearsal";

type ObjectNode = Extract<GraphNode, { type: "object" }>;

/** Conditions of custom resources that a controller sets once it has seen them. */
const controllerMs: Readonly<Record<string, number>> = {
  CustomResourceDefinition: 100,
  Issuer: 300,
  ClusterIssuer: 300,
  Certificate: 300,
};

const workloadKinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet", "Job"]);

/** A pod's containers, as far as their images go. */
type PodSpec = Parameters<typeof podReadyMs>[0];

/**
 * How long each node of a graph is expected to take from its write until it is ready, by the embedded
 * cluster's stated model: pods as their images say (with the sidecar's image where one is injected), a few
 * kinds a fraction of a second, everything else no time.
 */
export async function expectedTimes(graph: Graph): Promise<(node: GraphNode) => number> {
  const { podReadyMs, sidecarImageFrom } = await import("@slipway/rehearsal");
  const injected = new Set(graph.edges.filter((edge) => edge.rule === "injection").map((edge) => edge.from));
  const injector = graph.nodes.get("/ConfigMap:istio-system/istio-sidecar-injector");
  const sidecar = { image: sidecarImageFrom(injector?.type === "object" ? injector.object : undefined) };
  return (node) => {
    if (node.type !== "object") return 0;
    const spec = podSpecOf(node);
    if (!spec) return controllerMs[node.id.kind] ?? 0;
    const containers = injected.has(node.key) ? [...(spec.containers ?? []), sidecar] : spec.containers;
    return podReadyMs({ ...spec, ...(containers ? { containers } : {}) });
  };
}

function podSpecOf({ id, object }: ObjectNode): PodSpec | undefined {
  if (!workloadKinds.has(id.kind)) return undefined;
  const { template } = (object.spec ?? {}) as { readonly template?: { readonly spec?: PodSpec } };
  return template?.spec;
}
