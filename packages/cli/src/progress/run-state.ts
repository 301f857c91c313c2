import type { DeployEvent, ObjectState, StartedNode } from "@slipway/deploy";

/** What is known of one node while a run goes on. */
export interface NodeProgress extends StartedNode {
  state: ObjectState;
  /** When it came into that state, milliseconds since the epoch on the run's clock. */
  since: number;
  message: string;
  waitsFor: readonly string[];
}

/** A run as its events tell it so far; every view draws from this. */
export interface RunState {
  readonly nodes: Map<string, NodeProgress>;
  /** Objects by state. */
  readonly counts: Record<ObjectState, number>;
  cluster: string;
  release: string;
  objects: number;
  startedAt: number;
  /** The time of the newest event. */
  now: number;
  retries: number;
  warnings: number;
  stopping: string | undefined;
}

/** The state before the first event. */
export function newRunState(): RunState {
  return {
    nodes: new Map(),
    counts: { waiting: 0, applying: 0, applied: 0, ready: 0, failed: 0, skipped: 0 },
    cluster: "",
    release: "",
    objects: 0,
    startedAt: 0,
    now: 0,
    retries: 0,
    warnings: 0,
    stopping: undefined,
  };
}

/** Takes one event into the state. */
export function applyEvent(run: RunState, event: DeployEvent): void {
  run.now = Math.max(run.now, event.at);
  switch (event.type) {
    case "started":
      run.startedAt = event.at;
      run.cluster = event.cluster;
      run.release = event.release;
      run.objects = event.objects;
      for (const node of event.nodes) {
        run.nodes.set(node.node, { ...node, state: "waiting", since: event.at, message: "", waitsFor: [] });
      }
      run.counts.waiting = event.nodes.filter((node) => isObject(node.node)).length;
      return;
    case "state": {
      const node = run.nodes.get(event.node);
      if (!node) return;
      if (isObject(event.node)) {
        run.counts[node.state] -= 1;
        run.counts[event.state] += 1;
      }
      if (node.state !== event.state) node.since = event.at;
      node.state = event.state;
      node.message = event.message ?? "";
      node.waitsFor = event.waitsFor ?? [];
      return;
    }
    case "retry":
      run.retries += 1;
      return;
    case "warning":
      run.warnings += 1;
      return;
    case "stopping":
      run.stopping = event.reason;
  }
}

/** True for objects of the release; webhooks and things made at run time are nodes of the graph too. */
export function isObject(node: string): boolean {
  return !node.startsWith("webhook:") && !node.startsWith("created:");
}

/** Those of the given nodes that are not ready yet, or all when every one is. */
export function stillAwaited(run: RunState, nodes: readonly string[]): readonly string[] {
  const open = nodes.filter((node) => {
    const state = run.nodes.get(node)?.state;
    return state !== "ready" && state !== "applied";
  });
  const starting = nodes.filter((node) => run.nodes.get(node)?.state === "applied");
  if (open.length + starting.length === 0) return nodes;
  return [...starting, ...open];
}

/** A node's name, or its key while it is unknown. */
export function nameOf(run: RunState, node: string): string {
  return run.nodes.get(node)?.name ?? node;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listNames(run: RunState, nodes: readonly string[], most = 2): string {
  const names = nodes.map((node) => nameOf(run, node));
  if (names.length <= most) return names.join(" and ");
  return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
}
