// The kubelets of the simulated nodes: they start, report, finish and remove pods without running anything.
import { formatGoDuration } from "@slipway/kubernetes";
import type { KeyedData, Node } from "../controllers/kinds/cluster.ts";
import type { Pod } from "../controllers/kinds/pod.ts";
import { isPodFinished, isPodReady } from "../controllers/pods.ts";
import { CONFIG_MAPS, NODES, PODS, SECRETS } from "../controllers/resources.ts";
import type { Environment } from "../controllers/runtime/environment.ts";
import { keyOf, splitKey, uidOf } from "../controllers/runtime/owners.ts";
import { type ControllerTools, runController } from "../controllers/runtime/run-controller.ts";
import { canonicalJson } from "../controllers/template-hash.ts";
import { createAddresses } from "./addresses.ts";
import { containersOf, dataReferences, type FindData, findMissing, type Missing } from "./missing.ts";
import { SIMULATED_NODE } from "./nodes.ts";
import { buildPodStatus, type PodStage } from "./pod-status.ts";
import { containerTimes, podTimes, scaledMs } from "./time-model.ts";

/** What a kubelet remembers of a pod, by uid. */
interface Run {
  podIP?: string;
  /** When each of its containers runs, by name; when all of them do, and when it is ready. */
  startedAt?: ReadonlyMap<string, number>;
  runningAt?: number;
  readyAt?: number;
  stopAt?: number;
  removed?: boolean;
  /** The problem that was told last, so that it is told once. */
  told?: string;
}

/**
 * Starts the kubelets of all nodes that carry the {@link SIMULATED_NODE} annotation. A pod starts once every
 * Secret and ConfigMap that it needs exists, takes the time that the {@link TimeModel} gives its images, and
 * then is ready for good; a pod that is not restarted finishes successfully; a deleted one is removed.
 * Nothing runs: no probe fails, no container crashes; what a log says is in kubelet-api.ts.
 */
export function startKubelets(environment: Environment): void {
  const { caches, clock, timeModel } = environment;
  const pods = caches.follow<Pod>(PODS);
  const nodes = caches.follow<Node>(NODES);
  const data = {
    ConfigMap: caches.follow<KeyedData>(CONFIG_MAPS),
    Secret: caches.follow<KeyedData>(SECRETS),
  };
  const runs = new Map<string, Run>();
  const addresses = createAddresses(pods);
  /** Keys of pods that wait for something, by `kind/namespace/name` of what they wait for. */
  const waiting = new Map<string, Set<string>>();

  const controller = runController(environment, {
    name: "kubelet",
    manager: "kubelet",
    workers: 10,
    async reconcile(key, tools) {
      const { name, namespace } = splitKey(key);
      const pod = pods.get(name, namespace);
      if (!pod) return;
      const node = pod.spec.nodeName ? nodes.get(pod.spec.nodeName) : undefined;
      if (node?.metadata.annotations?.[SIMULATED_NODE] !== "true") return;
      const run = runs.get(uidOf(pod)) ?? adopt(pod);
      runs.set(uidOf(pod), run);
      if (pod.metadata.deletionTimestamp) return stop(pod, run, tools);
      if (!isPodFinished(pod)) await advance(pod, node, run, tools);
    },
  });
  controller.watch(pods, (pod, change) => {
    if (change.type !== "deleted") return [keyOf(pod)];
    runs.delete(uidOf(pod));
    return [];
  });
  controller.watch(nodes, (node, change) => {
    return change.type === "added" ? pods.onNode(node.metadata.name).map(keyOf) : [];
  });
  for (const [kind, cache] of Object.entries(data)) {
    controller.watch(cache, (object) => [...(waiting.get(`${kind}/${keyOf(object)}`) ?? [])]);
  }

  /** The memory of a pod that is seen for the first time; one that is ready already stays so. */
  function adopt(pod: Pod): Run {
    if (!isPodReady(pod)) return {};
    const now = clock.now();
    return {
      runningAt: now,
      readyAt: now,
      ...(pod.status?.podIP ? { podIP: pod.status.podIP } : {}),
    };
  }

  async function advance(pod: Pod, node: Node, run: Run, tools: ControllerTools): Promise<void> {
    const now = clock.now();
    const key = keyOf(pod);
    if (run.runningAt === undefined || run.readyAt === undefined) {
      const find: FindData = (kind, name) => data[kind].get(name, pod.metadata.namespace);
      const missing = findMissing(pod, find);
      if (missing.volumes.length > 0 || missing.containers.length > 0) {
        await wait(pod, node, { run, missing }, tools);
        return;
      }
      forget(pod);
      const { startsMs, runningMs, readyMs } = podTimes(pod.spec, timeModel);
      run.startedAt = new Map(
        containersOf(pod).map(({ name }, index) => [name, now + (startsMs[index] ?? 0)]),
      );
      run.runningAt = now + runningMs;
      run.readyAt = now + readyMs;
      run.podIP = pod.spec.hostNetwork ? addressOf(node) : addresses.next(node);
      if (run.readyAt > now) {
        await report(pod, node, { run, stage: "waiting" }, tools);
        tell(pod, "Pulling", tools);
      }
    }
    const { runningAt } = run;
    if (now < runningAt) return tools.enqueue(key, runningAt - now);
    const finishing = (pod.spec.restartPolicy ?? "Always") !== "Always";
    const finishAt = run.readyAt + scaledMs(timeModel, timeModel.completionMs);
    const stage: PodStage =
      now < run.readyAt ? "running" : finishing && now >= finishAt ? "succeeded" : "ready";
    if (pod.status?.phase !== "Running") tell(pod, "Started", tools);
    await report(pod, node, { run, stage }, tools);
    if (stage === "running") tools.enqueue(key, run.readyAt - now);
    else if (finishing && stage === "ready") tools.enqueue(key, finishAt - now);
  }

  /** Reports that the pod cannot start, and looks again when something that it refers to changes. */
  async function wait(
    pod: Pod,
    node: Node,
    { run, missing }: { readonly run: Run; readonly missing: Missing },
    tools: ControllerTools,
  ): Promise<void> {
    for (const reference of dataReferences(pod)) {
      const [kind, name] = reference.split("/");
      const at = `${kind}/${pod.metadata.namespace}/${name}`;
      const keys = waiting.get(at) ?? new Set();
      waiting.set(at, keys.add(keyOf(pod)));
    }
    // A container is not made before all volumes are there, so its own problem shows only then.
    const mounted = missing.volumes.length === 0;
    const problems = new Map(
      mounted ? missing.containers.map((entry) => [entry.container, entry.message]) : [],
    );
    const told = canonicalJson(mounted ? [...problems] : missing.volumes.map(({ message }) => message));
    if (run.told !== told) {
      run.told = told;
      const host = { type: "Warning", host: pod.spec.nodeName ?? "" } as const;
      for (const { volume, message } of missing.volumes) {
        const text = `MountVolume.SetUp failed for volume "${volume}" : ${message}`;
        tools.record(pod, { ...host, reason: "FailedMount", message: text });
      }
      for (const [container, message] of problems) {
        const fieldPath = `spec.containers{${container}}`;
        tools.record(pod, { ...host, reason: "Failed", message: `Error: ${message}`, fieldPath });
      }
    }
    await report(pod, node, { run, stage: "waiting", problems }, tools);
  }

  function forget(pod: Pod): void {
    for (const reference of dataReferences(pod)) {
      const [kind, name] = reference.split("/");
      waiting.get(`${kind}/${pod.metadata.namespace}/${name}`)?.delete(keyOf(pod));
    }
  }

  async function report(
    pod: Pod,
    node: Node,
    {
      run,
      stage,
      problems = new Map(),
    }: {
      readonly run: Run;
      readonly stage: PodStage;
      readonly problems?: ReadonlyMap<string, string>;
    },
    { write }: ControllerTools,
  ): Promise<void> {
    const { podIP, startedAt } = run;
    const status = buildPodStatus(pod, {
      stage,
      now: clock.now(),
      hostIP: addressOf(node),
      problems,
      ...(podIP ? { podIP } : {}),
      ...(startedAt === undefined ? {} : { startedAt }),
    });
    const shown = Object.fromEntries(Object.keys(status).map((field) => [field, pod.status?.[field]]));
    if (canonicalJson(shown) === canonicalJson(status)) return;
    await write.patch(
      PODS,
      pod,
      { type: "merge", patch: { metadata: { uid: uidOf(pod) }, status } },
      "status",
    );
  }

  function tell(pod: Pod, what: "Pulling" | "Started", { record }: ControllerTools): void {
    for (const container of containersOf(pod)) {
      const { name, image = "" } = container;
      const say = (reason: string, message: string) => {
        const fieldPath = `spec.containers{${name}}`;
        record(pod, { type: "Normal", reason, message, fieldPath, host: pod.spec.nodeName ?? "" });
      };
      const pullMs = scaledMs(timeModel, containerTimes(container, timeModel).pullMs);
      if (what === "Started") {
        say("Pulled", pullMs > 0 ? pulledMessage(image, pullMs) : presentMessage(image));
        say("Created", `Created container: ${name}`);
        say("Started", `Started container ${name}`);
      } else if (pullMs > 0) say("Pulling", `Pulling image "${image}"`);
    }
  }

  /** Lets a deleted pod go after its containers have had time to stop. */
  async function stop(pod: Pod, run: Run, tools: ControllerTools): Promise<void> {
    if (run.removed) return;
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    run.stopAt ??= clock.now() + Math.min(grace, scaledMs(timeModel, timeModel.stopMs));
    const rest = run.stopAt - clock.now();
    if (rest > 0) return tools.enqueue(keyOf(pod), rest);
    run.removed = true;
    forget(pod);
    await tools.write.delete(PODS, pod, { gracePeriodSeconds: 0 });
  }
}

/** kubelet images/image_manager.go, without the size, which nobody knows here. */
function pulledMessage(image: string, ms: number): string {
  const took = formatGoDuration(ms);
  return `Successfully pulled image "${image}" in ${took} (${took} including waiting).`;
}

function presentMessage(image: string): string {
  return `Container image "${image}" already present on machine`;
}

function addressOf(node: Node): string {
  return node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address ?? "";
}
