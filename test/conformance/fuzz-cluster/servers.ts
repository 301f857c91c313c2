// API servers alone, without controllers: whatever happens on them is an answer to a request.
import {
  builtin,
  connect,
  createClient,
  type KubernetesObject,
  loadKubeconfig,
  systemClock,
  type Transport,
} from "@slipway/kubernetes";
import { startCluster } from "@slipway/rehearsal";
import { buildControlPlane } from "../../control-plane/build.ts";
import { startControlPlane } from "../../control-plane/control-plane.ts";
import type { StartedServer } from "../../scenarios/runner/servers.ts";

/** The embedded API server with these definitions established. */
export async function startBareEmbedded(definitions: readonly KubernetesObject[]): Promise<StartedServer> {
  const { transport, clock, stop } = await startCluster({ controllers: false });
  const server = { transport, clock, stop, definitions, bare: true };
  await establish(server, definitions);
  return server;
}

/** A real one. Needs Go the first time. */
export async function startBareReal(definitions: readonly KubernetesObject[]): Promise<StartedServer> {
  const plane = await startControlPlane({ binary: buildControlPlane(), controllers: false });
  const { transport, close } = await connect(
    loadKubeconfig({ path: plane.kubeconfig }).access("control-plane"),
  );
  const stop = async () => {
    await close();
    await plane.stop();
  };
  const server = { transport, clock: systemClock, stop, definitions, bare: true };
  try {
    await establish(server, definitions);
  } catch (error) {
    await stop();
    throw error;
  }
  return server;
}

const pollMs = 100;
const timeoutMs = 60_000;

async function establish(
  { transport, clock }: { transport: Transport; clock: StartedServer["clock"] },
  definitions: readonly KubernetesObject[],
): Promise<void> {
  const client = createClient({ transport, userAgent: "slipway-fuzz" });
  const type = builtin("apiextensions.k8s.io", "CustomResourceDefinition");
  for (const definition of definitions) await client.apply(type, definition, { fieldManager: "fuzz" });
  for (const { metadata } of definitions) {
    for (let waited = 0; ; waited += pollMs) {
      const { status } = await client.get(type, { name: metadata.name });
      if (JSON.stringify(status ?? {}).includes('"type":"Established"')) break;
      if (waited > timeoutMs) throw new Error(`${metadata.name} is not established`);
      await clock.sleep(pollMs);
    }
  }
  // Established and served are a moment apart on a real server.
  await clock.sleep(1_000);
}
