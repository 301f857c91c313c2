// The nodes of an embedded cluster.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isApiError } from "@slipway/kubernetes";
import { NODES } from "../controllers/resources.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { formatTime } from "../controllers/runtime/time.ts";

/** On nodes whose pods the simulated kubelets run; pods on other nodes are none of their business. */
export const SIMULATED_NODE = "rehearsal.slipway.dev/simulated";

const CAPACITY = {
  cpu: "96",
  memory: "256Gi",
  "ephemeral-storage": "1000Gi",
  pods: "500",
  "hugepages-1Gi": "0",
  "hugepages-2Mi": "0",
};

/** Creates `count` generous nodes `node-1`, `node-2` …, or leaves those that are there. They stay ready. */
export async function createNodes({ client, clock }: Environment, count: number): Promise<void> {
  const now = formatTime(clock.now());
  for (let index = 1; index <= count; index += 1) {
    const { status, ...node } = buildNode(index, now);
    try {
      await client.create(NODES, node, { fieldManager: "kubelet" });
      const patch = { status };
      await client.patch(
        NODES,
        node.metadata,
        { type: "merge", patch },
        { fieldManager: "kubelet", subresource: "status" },
      );
      // Admission taints a node until it is ready, as it would be after its kubelet's first report.
      await client.patch(NODES, node.metadata, { type: "merge", patch: { spec: { taints: null } } });
    } catch (error) {
      if (!isApiError(error, 409)) throw error;
    }
  }
}

/** The address of the node of that number (from 1). */
export function nodeAddress(index: number): string {
  return `10.0.0.${index}`;
}

function buildNode(index: number, now: string): KubernetesObject & { status: KubernetesObject["status"] } {
  const name = `node-${index}`;
  const podCIDR = `10.244.${(index - 1) * 16}.0/20`;
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/region": "simulated",
        "topology.kubernetes.io/zone": `simulated-${index}`,
      },
      annotations: { [SIMULATED_NODE]: "true" },
    },
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: {
      addresses: [
        { type: "InternalIP", address: nodeAddress(index) },
        { type: "Hostname", address: name },
      ],
      capacity: CAPACITY,
      allocatable: CAPACITY,
      conditions: [
        condition(
          "MemoryPressure",
          "False",
          "KubeletHasSufficientMemory",
          "kubelet has sufficient memory available",
        ),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
      ],
      nodeInfo: {
        machineID: "",
        systemUUID: "",
        bootID: "",
        kernelVersion: "simulated",
        osImage: "simulated",
        containerRuntimeVersion: "simulated://1",
        kubeletVersion: "v1.36.2",
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  };
}
