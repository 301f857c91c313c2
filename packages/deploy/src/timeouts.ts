import type { GraphNode } from "@slipway/graph";

/** How long one object may take from the start of its write until it is ready, in milliseconds. */
export interface Timeouts {
  /** By the catalogue's component; wins over all others. */
  readonly components?: Readonly<Record<string, number>>;
  readonly namespaces?: Readonly<Record<string, number>>;
  readonly kinds?: Readonly<Record<string, number>>;
  /** For everything else. */
  readonly otherwise?: number;
}

const defaults = {
  /** The waits that upstream's own installation uses. */
  namespaces: { "cert-manager": 180_000, "istio-system": 300_000, auth: 180_000 },
  kinds: {
    Deployment: 600_000,
    StatefulSet: 600_000,
    DaemonSet: 600_000,
    Job: 600_000,
    PersistentVolumeClaim: 300_000,
    APIService: 300_000,
    // They are written early and ready when the pods behind them have made or been given a certificate.
    MutatingWebhookConfiguration: 900_000,
    ValidatingWebhookConfiguration: 900_000,
  },
  otherwise: 300_000,
};

/** The timeout of a node under the defaults and what the user set. Things made at run time count as their maker's kind. */
export function timeoutOf(node: GraphNode, set: Timeouts = {}): number {
  const component = node.type === "object" ? node.component : undefined;
  const namespace = node.type === "webhook" ? node.service.namespace : node.id.namespace;
  const kind = node.type === "object" ? node.id.kind : "";
  const settled = [
    component === undefined ? undefined : set.components?.[component],
    namespace === undefined ? undefined : set.namespaces?.[namespace],
    set.kinds?.[kind],
    set.otherwise,
    namespace === undefined ? undefined : lookUp(defaults.namespaces, namespace),
    lookUp(defaults.kinds, kind),
  ];
  return settled.find((ms) => ms !== undefined) ?? defaults.otherwise;
}

function lookUp(table: Readonly<Record<string, number>>, key: string): number | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
