// The flow schemas and priority levels of every cluster (apiserver pkg/apis/flowcontrol/bootstrap, Kubernetes 1.36).
// They are shown; requests are not held back.
import type { KubernetesObject } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { condition } from "../conditions.ts";

/** Shares of the server's concurrency, the percentage that others may borrow, and the queues; without: refused. */
interface Level {
  readonly shares: number;
  readonly lendable: number;
  readonly queues?: readonly [queues: number, handSize: number];
}

const levels: Readonly<Record<string, Level>> = {
  "catch-all": { shares: 5, lendable: 0 },
  "global-default": { shares: 20, lendable: 50, queues: [128, 6] },
  "leader-election": { shares: 10, lendable: 0, queues: [16, 4] },
  "node-high": { shares: 40, lendable: 25, queues: [64, 6] },
  system: { shares: 30, lendable: 33, queues: [64, 6] },
  "workload-high": { shares: 40, lendable: 50, queues: [128, 6] },
  "workload-low": { shares: 100, lendable: 90, queues: [128, 6] },
};

/** Whose requests go to which level: the first that matches by precedence. */
interface Flow {
  readonly level: string;
  readonly precedence: number;
  readonly distinguisher?: "ByUser" | "ByNamespace";
  readonly subjects: readonly JsonObject[];
  readonly resourceRules?: readonly JsonObject[];
  readonly nonResourceRules?: readonly JsonObject[];
}

const anything = {
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
  ],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
};
const everybody = [group("system:unauthenticated"), group("system:authenticated")];
const controllerManager = user("system:kube-controller-manager");
const scheduler = user("system:kube-scheduler");
const systemServiceAccounts = {
  kind: "ServiceAccount",
  serviceAccount: { namespace: "kube-system", name: "*" },
};
const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"], namespaces: ["*"] };

const flows: Readonly<Record<string, Flow>> = {
  "catch-all": {
    level: "catch-all",
    precedence: 10_000,
    distinguisher: "ByUser",
    subjects: everybody,
    ...anything,
  },
  exempt: { level: "exempt", precedence: 1, subjects: [group("system:masters")], ...anything },
  "global-default": {
    level: "global-default",
    precedence: 9900,
    distinguisher: "ByUser",
    subjects: everybody,
    ...anything,
  },
  "kube-controller-manager": {
    level: "workload-high",
    precedence: 800,
    distinguisher: "ByNamespace",
    subjects: [controllerManager],
    ...anything,
  },
  "kube-scheduler": {
    level: "workload-high",
    precedence: 800,
    distinguisher: "ByNamespace",
    subjects: [scheduler],
    ...anything,
  },
  "kube-system-service-accounts": {
    level: "workload-high",
    precedence: 900,
    distinguisher: "ByNamespace",
    subjects: [systemServiceAccounts],
    ...anything,
  },
  probes: {
    level: "exempt",
    precedence: 2,
    subjects: everybody,
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
  },
  "service-accounts": {
    level: "workload-low",
    precedence: 9000,
    distinguisher: "ByUser",
    subjects: [group("system:serviceaccounts")],
    ...anything,
  },
  "system-leader-election": {
    level: "leader-election",
    precedence: 100,
    distinguisher: "ByUser",
    subjects: [controllerManager, scheduler, systemServiceAccounts],
    resourceRules: [{ verbs: ["get", "create", "update"], ...leases }],
  },
  "system-node-high": {
    level: "node-high",
    precedence: 400,
    distinguisher: "ByUser",
    subjects: [group("system:nodes")],
    resourceRules: [
      {
        verbs: ["*"],
        apiGroups: [""],
        resources: ["nodes", "nodes/status"],
        clusterScope: true,
        namespaces: ["*"],
      },
      { verbs: ["*"], ...leases },
    ],
  },
  "system-nodes": {
    level: "system",
    precedence: 500,
    distinguisher: "ByUser",
    subjects: [group("system:nodes")],
    ...anything,
  },
};

/** The objects, since `now` (RFC 3339), without what a server adds to every object. */
export function defaultFlowControl(now: string): KubernetesObject[] {
  const exempt = priorityLevel("exempt", {
    type: "Exempt",
    exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 },
  });
  return [
    exempt,
    ...Object.entries(levels).map(([name, level]) =>
      priorityLevel(name, { type: "Limited", limited: limitOf(level) }),
    ),
    ...Object.entries(flows).map(([name, flow]) => flowSchema(name, flow, now)),
  ];
}

/** What is said of a FlowSchema's priority level (apiserver pkg/util/flowcontrol/apf_controller.go). */
export function dangling(level: string, exists: boolean, now: string): JsonObject {
  const reference = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return exists
    ? condition("Dangling", "False", "Found", `${reference} and it exists`, now)
    : condition("Dangling", "True", "NotFound", `${reference} but there is no such object`, now);
}

function limitOf({ shares, lendable, queues }: Level): JsonObject {
  const limitResponse = queues
    ? { type: "Queue", queuing: { queues: queues[0], handSize: queues[1], queueLengthLimit: 50 } }
    : { type: "Reject" };
  return { nominalConcurrencyShares: shares, limitResponse, lendablePercent: lendable };
}

function priorityLevel(name: string, spec: JsonObject): KubernetesObject {
  return { ...heading("PriorityLevelConfiguration", name), spec, status: {} };
}

function flowSchema(name: string, flow: Flow, now: string): KubernetesObject {
  const { level, precedence, distinguisher, subjects, resourceRules, nonResourceRules } = flow;
  const rule = {
    subjects: [...subjects],
    ...(resourceRules ? { resourceRules: [...resourceRules] } : {}),
    ...(nonResourceRules ? { nonResourceRules: [...nonResourceRules] } : {}),
  };
  return {
    ...heading("FlowSchema", name),
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...(distinguisher ? { distinguisherMethod: { type: distinguisher } } : {}),
      rules: [rule],
    },
    status: { conditions: [dangling(level, true, now)] },
  };
}

function heading(kind: string, name: string): KubernetesObject {
  const annotations = { "apf.kubernetes.io/autoupdate-spec": "true" };
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind,
    metadata: { name, generation: 1, annotations },
  };
}

function group(name: string): JsonObject {
  return { kind: "Group", group: { name } };
}

function user(name: string): JsonObject {
  return { kind: "User", user: { name } };
}
