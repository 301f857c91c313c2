import { createJournal, deploy, type RunSummary } from "@slipway/deploy";
import type { Platform } from "@slipway/platform";
import { expectedTimes } from "./input/expected-time.ts";
import type { OutputFlags } from "./input/flags.ts";
import type { Target } from "./input/open-target.ts";
import type { Ordered } from "./input/order-platform.ts";
import { createView } from "./progress/create-view.ts";
import type { Shell } from "./shell.ts";
import { stopOnInterrupt } from "./stop-on-interrupt.ts";

export type Outcome = "ready" | "failed" | "stopped";

/** Flags that change how a deployment writes. */
export interface DeploymentFlags {
  readonly concurrency?: number;
  readonly force?: boolean;
}

/** How a deployment ended. */
export interface DeploymentResult {
  readonly outcome: Outcome;
  readonly summary: RunSummary;
  readonly objects: number;
  /** What people call a node. */
  readonly nameOf: (node: string) => string;
}

/**
 * Deploys with everything that watches a deployment: the journal in this folder, the view that fits, Ctrl-C.
 * The terminal is put back and the journal closed however it ends.
 */
export async function runDeployment(options: {
  readonly ordered: Ordered;
  readonly platform: Platform;
  readonly target: Target;
  readonly flags: OutputFlags & DeploymentFlags;
  readonly shell: Shell;
}): Promise<DeploymentResult> {
  const { ordered, platform, target, flags, shell } = options;
  const { bundle, graph } = ordered;
  const run = new Date(shell.now()).toISOString().replaceAll(":", "-");
  const journal = createJournal({ directory: shell.directory, run });
  const view = createView(flags, shell, { realTime: !target.simulated });
  const stop = stopOnInterrupt(shell, view);
  const names = new Map<string, string>();
  let outcome: Outcome = "failed";
  try {
    const summary = await deploy({
      graph,
      client: target.client,
      mapper: target.mapperFor(bundle.resources.map((resource) => resource.object)),
      clock: target.clock,
      random: target.random,
      release: bundle.release,
      cluster: target.name,
      run,
      signal: stop.signal,
      timeouts: timeoutsOf(platform),
      expectedMs: expectedTimes(graph, target.timeModel),
      ...(target.timeModel ? { timeModel: target.timeModel.name } : {}),
      ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
      ...(flags.force ? { conflicts: "force" } : {}),
      emit(event) {
        if (event.type === "started") for (const { node, name } of event.nodes) names.set(node, name);
        if (event.type === "finished") outcome = event.outcome;
        journal.record(event);
        view.show(event);
      },
    });
    return {
      outcome,
      summary,
      objects: bundle.resources.length,
      nameOf: (node) => names.get(node) ?? node,
    };
  } finally {
    view.close();
    stop.release();
    journal.close();
  }
}

function timeoutsOf({ timeouts }: Platform) {
  return {
    components: timeouts.components,
    ...(timeouts.default === undefined ? {} : { otherwise: timeouts.default }),
  };
}
