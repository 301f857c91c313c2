// The status that a kubelet reports of a pod.
import type { JsonObject } from "@slipway/yaml";
import type { Condition } from "../controllers/kinds/meta.ts";
import type { Container, ContainerStatus, Pod, PodStatus } from "../controllers/kinds/pod.ts";
import { conditionOf } from "../controllers/pods.ts";
import { formatTime } from "../controllers/runtime/time.ts";

/** How far a pod has come. */
export type PodStage = "waiting" | "running" | "ready" | "succeeded";

/** What a kubelet knows of a pod besides the object. */
export interface PodProgress {
  readonly stage: PodStage;
  readonly now: number;
  readonly hostIP: string;
  /** Absent until the pod's network is up. */
  readonly podIP?: string;
  /** Containers that cannot be made, and why. */
  readonly problems: ReadonlyMap<string, string>;
  /** When the containers started, by name, in milliseconds since the epoch. */
  readonly startedAt?: ReadonlyMap<string, number>;
}

/** The whole status, apart from what others put there (conditions of readiness gates, the QoS class). */
export function buildPodStatus(pod: Pod, progress: PodProgress): PodStatus {
  const { stage, now, hostIP, podIP } = progress;
  const init = (pod.spec.initContainers ?? []).map((container) => initStatus(pod, container, progress));
  const containers = pod.spec.containers.map((container) => containerStatus(pod, container, progress));
  return {
    observedGeneration: pod.metadata.generation ?? 0,
    phase: stage === "waiting" ? "Pending" : stage === "succeeded" ? "Succeeded" : "Running",
    conditions: buildConditions(pod, progress, containers),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(podIP ? { podIP, podIPs: [{ ip: podIP }] } : {}),
    startTime: pod.status?.startTime ?? formatTime(now),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: containers,
  };
}

function buildConditions(
  pod: Pod,
  { stage, now, podIP }: PodProgress,
  containers: readonly ContainerStatus[],
) {
  const time = formatTime(now);
  const observedGeneration = pod.metadata.generation ?? 0;
  const condition = (type: string, met: boolean, why?: { reason: string; message?: string }): Condition => {
    const status = met ? "True" : "False";
    const current = conditionOf(pod.status, type);
    const since = current?.status === status ? current.lastTransitionTime : undefined;
    return {
      type,
      status,
      observedGeneration,
      lastProbeTime: null,
      lastTransitionTime: since ?? time,
      ...why,
    };
  };
  const finished = stage === "succeeded";
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const notReady = finished
    ? { reason: "PodCompleted" }
    : { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` };
  const gates = (pod.spec.readinessGates ?? []).filter(
    ({ conditionType }) => conditionOf(pod.status, conditionType)?.status !== "True",
  );
  const allReady = stage === "ready";
  const plainInit = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== "Always");
  const initialized = stage !== "waiting" || plainInit.length === 0;
  const incomplete = {
    reason: "ContainersNotInitialized",
    message: `containers with incomplete status: [${plainInit.map(({ name }) => name).join(" ")}]`,
  };
  const gateMissing = {
    reason: "ReadinessGatesNotReady",
    message: gates
      .map(({ conditionType }) => `the status of pod readiness gate "${conditionType}" is not "True"`)
      .join(", "),
  };
  const own: Condition[] = [
    condition("PodReadyToStartContainers", podIP !== undefined && !finished),
    condition(
      "Initialized",
      initialized,
      initialized ? (finished ? { reason: "PodCompleted" } : undefined) : incomplete,
    ),
    condition(
      "Ready",
      allReady && gates.length === 0,
      !allReady ? notReady : gates.length > 0 ? gateMissing : undefined,
    ),
    condition("ContainersReady", allReady, allReady ? undefined : notReady),
    condition("PodScheduled", true),
  ];
  const known = new Set(own.map(({ type }) => type));
  return [...own, ...(pod.status?.conditions ?? []).filter(({ type }) => !known.has(type))];
}

function containerStatus(pod: Pod, container: Container, progress: PodProgress): ContainerStatus {
  const { stage, problems } = progress;
  if (stage === "succeeded") return finishedStatus(pod, container, progress);
  if (stage !== "waiting") return runningStatus(pod, container, progress, stage === "ready");
  const problem = problems.get(container.name);
  const waiting = problem
    ? { reason: "CreateContainerConfigError", message: problem }
    : { reason: pod.spec.initContainers?.length ? "PodInitializing" : "ContainerCreating" };
  return {
    name: container.name,
    state: { waiting },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? "",
    imageID: "",
    started: false,
  };
}

function initStatus(pod: Pod, container: Container, progress: PodProgress): ContainerStatus {
  if (progress.stage === "waiting") return containerStatus(pod, container, progress);
  if (container.restartPolicy === "Always" && progress.stage !== "succeeded") {
    return runningStatus(pod, container, progress, true);
  }
  return finishedStatus(pod, container, progress);
}

function runningStatus(
  pod: Pod,
  container: Container,
  { now, startedAt }: PodProgress,
  ready: boolean,
): ContainerStatus {
  return {
    ...identity(pod, container),
    state: { running: { startedAt: formatTime(startedAt?.get(container.name) ?? now) } },
    lastState: {},
    ready,
    restartCount: 0,
    started: true,
  };
}

function finishedStatus(pod: Pod, container: Container, { now, startedAt }: PodProgress): ContainerStatus {
  const { containerID, ...rest } = identity(pod, container);
  const terminated = {
    exitCode: 0,
    reason: "Completed",
    startedAt: formatTime(startedAt?.get(container.name) ?? now),
    finishedAt: formatTime(now),
    containerID,
  };
  return {
    ...rest,
    containerID,
    state: { terminated },
    lastState: {},
    ready: container.restartPolicy !== "Always" && pod.spec.initContainers?.includes(container) === true,
    restartCount: 0,
    started: false,
  };
}

function identity(pod: Pod, { name, image = "" }: Container): { name: string } & JsonObject {
  return {
    name,
    image,
    imageID: `simulated://${image}`,
    containerID: `simulated://${pod.metadata.uid}/${name}`,
  };
}
