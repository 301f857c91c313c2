// The servers that scenarios run on.
import { connect, loadKubeconfig, systemClock } from "@slipway/kubernetes";
import { startCluster } from "@slipway/rehearsal";
import type { JsonObject } from "@slipway/yaml";
import { startAnimatedControlPlane } from "../../control-plane/animated.ts";
import type { KubernetesMinor } from "../../control-plane/build.ts";
import { compareObservations } from "./compare.ts";
import { startHookServer } from "./hook-server.ts";
import { keepWatchingConfigMaps } from "./keep-watching.ts";
import { runScenario, type Server } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";

/** A server and how to end it. */
export interface StartedServer extends Server {
  stop(): Promise<void>;
}

/** The embedded cluster with its controllers, on a virtual clock. */
export async function startEmbedded(): Promise<StartedServer> {
  const hooks = await startHookServer();
  const { transport, clock, stop } = await startCluster();
  return {
    transport,
    clock,
    hooks,
    async stop() {
      await stop();
      await hooks.close();
    },
  };
}

/** A real control plane with simulated kubelets. Needs Go the first time. */
export async function startReal(minor?: KubernetesMinor): Promise<StartedServer> {
  const plane = await startAnimatedControlPlane({ ...(minor ? { minor } : {}), aggregatorRouting: true });
  const { transport, close } = await connect(
    loadKubeconfig({ path: plane.kubeconfig }).access("control-plane"),
  );
  await keepWatchingConfigMaps(transport);
  const hooks = await startHookServer();
  return {
    transport,
    clock: systemClock,
    hooks,
    async stop() {
      await close();
      await plane.stop();
      await hooks.close();
    },
  };
}

/** Runs scenarios and gives what was observed, `parallel` of them at a time; an error is an observation too. */
export async function runAll(
  scenarios: readonly Scenario[],
  { server, parallel = 1, first = 0 }: { server: Server; parallel?: number; first?: number },
): Promise<Map<Scenario, JsonObject[]>> {
  const observed = new Map<Scenario, JsonObject[]>();
  const waiting = [...scenarios.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, scenario] = next;
      observed.set(scenario, await runOne(scenario, { server, namespace: namespaceFor(first + index) }));
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return new Map(scenarios.map((scenario) => [scenario, observed.get(scenario) ?? []]));
}

/**
 * Runs again, alone, what a busy real server answered otherwise than expected: between two steps of a scenario its
 * own controllers come at moments that the load of the others decides. What differs after that does differ.
 */
export async function runAgain(
  observed: Map<Scenario, JsonObject[]>,
  {
    server,
    expected,
    unless = () => false,
  }: {
    server: Server;
    expected: (scenario: Scenario) => readonly JsonObject[];
    /** Which scenarios may differ. */
    unless?: (scenario: Scenario) => boolean;
  },
): Promise<Map<Scenario, JsonObject[]>> {
  const result = new Map(observed);
  for (let round = 1; round <= 2; round += 1) {
    const unequal = [...result].filter(
      ([scenario, answers]) =>
        !unless(scenario) && compareObservations(expected(scenario), answers).length > 0,
    );
    const scenarios = unequal.map(([scenario]) => scenario);
    const again = await runAll(scenarios, { server, first: round * observed.size });
    for (const [scenario, answers] of again) result.set(scenario, answers);
  }
  return result;
}

/** Names of one length, so that no text is longer on one server than on the other. */
export function namespaceFor(index: number): string {
  return `scenario-${String(index).padStart(4, "0")}`;
}

async function runOne(
  scenario: Scenario,
  options: { server: Server; namespace: string },
): Promise<JsonObject[]> {
  try {
    return await runScenario(scenario, options);
  } catch (error) {
    return [{ failed: error instanceof Error ? error.message : String(error) }];
  }
}
