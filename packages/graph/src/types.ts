import type { KubernetesObject, ObjectIdentity } from "@slipway/kubernetes/objects";
import type { SourcePosition } from "@slipway/yaml";

/** An object to be ordered and where it was written. `component` is the release's directory that it came from. */
export interface GraphInput {
  readonly object: KubernetesObject;
  readonly origin?: SourcePosition;
  readonly component?: string;
}

/**
 * A node is an object of the set, a webhook that must answer before others can be written, or a thing that a
 * controller of the set creates at run time (a Secret behind a Certificate, `istio-ca-root-cert`).
 */
export type GraphNode =
  | {
      readonly type: "object";
      readonly key: string;
      readonly id: ObjectIdentity;
      readonly object: KubernetesObject;
      readonly component?: string;
      readonly origin?: SourcePosition;
    }
  | {
      readonly type: "webhook";
      readonly key: string;
      readonly configuration: ObjectIdentity;
      readonly webhook: string;
      readonly service: { readonly namespace: string; readonly name: string; readonly port: number };
      /** Its configuration's. */
      readonly component?: string;
    }
  | {
      readonly type: "created";
      readonly key: string;
      readonly id: ObjectIdentity;
      readonly by: string;
      /** Its maker's. */
      readonly component?: string;
    };

/**
 * - `hard`: the server or a kubelet refuses or waits without it;
 * - `webhook`: a fail-closed webhook admits the object or its pods;
 * - `soft`: a better order, dropped when it would close a cycle.
 */
export type EdgeKind = "hard" | "webhook" | "soft";

/** What must hold of `to` before `from` may start: it is on the server, or it is ready. */
export type EdgeCondition = "exists" | "ready";

/** `from` waits for `to`. Both are node keys. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly until: EdgeCondition;
  /** Which rule inferred it, for instance `namespace`, `crd`, `volume-secret`, `webhook-admits`. */
  readonly rule: string;
  /** A sentence that names the field that says so: "spec.template.spec.volumes[cert] mounts Secret kubeflow/x". */
  readonly reason: string;
  /** `to` makes `from` ready: the time that `from` takes until then does not begin before `to` is ready. */
  readonly reconciles?: true;
}

/** Something that an object names and that is neither in the set nor made by it: it must be on the cluster. */
export interface MissingReference {
  /** Key of the node that names it. */
  readonly from: string;
  readonly id: ObjectIdentity;
  readonly reason: string;
}

/** The order of a set of objects: acyclic. Nodes are in the input's order, then webhooks, then created things. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: readonly GraphEdge[];
  /** Soft edges left out because they would have closed a cycle, each with the path that it would have closed. */
  readonly dropped: readonly { readonly edge: GraphEdge; readonly cycle: readonly string[] }[];
  /** Webhook edges left out because the webhook itself needs the object, each with a sentence that says so. */
  readonly exempted: readonly { readonly edge: GraphEdge; readonly reason: string }[];
  readonly missing: readonly MissingReference[];
}
