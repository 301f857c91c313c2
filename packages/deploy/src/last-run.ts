import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DeployEvent, ObjectState, RunSummary, StartedNode } from "./events.ts";
import { runsFolder } from "./journal.ts";

/** What a journal tells of a run. */
export interface LastRun {
  readonly path: string;
  readonly run: string;
  readonly cluster: string;
  readonly release: string;
  /** Milliseconds since the epoch, on the run's own clock. */
  readonly startedAt: number;
  /** When its last event was. */
  readonly lastAt: number;
  readonly objects: number;
  readonly nodes: readonly (StartedNode & { readonly state: ObjectState; readonly message?: string })[];
  /** `interrupted`: it neither finished nor stopped in an orderly way. */
  readonly outcome: "ready" | "failed" | "stopped" | "interrupted";
  readonly summary?: RunSummary;
}

/** Reads the newest journal below `directory`; undefined when there is none. A line cut short by a crash is passed over. */
export function readLastRun(directory: string): LastRun | undefined {
  const folder = join(directory, runsFolder);
  for (const name of listJournals(folder)) {
    const path = join(folder, name);
    const run = summarize(path, readEvents(path));
    if (run) return run;
  }
  return undefined;
}

/** Newest first: a run's name begins with its time. */
function listJournals(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readEvents(path: string): DeployEvent[] {
  const events: DeployEvent[] = [];
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "") continue;
    try {
      events.push(JSON.parse(line));
    } catch {
      // Only the last line can be cut short; nothing after it is lost.
    }
  }
  return events;
}

function summarize(path: string, events: readonly DeployEvent[]): LastRun | undefined {
  const [started] = events;
  if (started?.type !== "started") return undefined;
  const states = new Map<string, { state: ObjectState; message?: string }>();
  let end: Extract<DeployEvent, { type: "finished" }> | undefined;
  for (const event of events) {
    if (event.type === "state") {
      states.set(event.node, { state: event.state, ...(event.message ? { message: event.message } : {}) });
    } else if (event.type === "finished") end = event;
  }
  return {
    path,
    run: started.run,
    cluster: started.cluster,
    release: started.release,
    startedAt: started.at,
    lastAt: events.at(-1)?.at ?? started.at,
    objects: started.objects,
    nodes: started.nodes.map((node) => ({ ...node, ...(states.get(node.node) ?? { state: "waiting" }) })),
    outcome: end?.outcome ?? "interrupted",
    ...(end ? { summary: end.summary } : {}),
  };
}
