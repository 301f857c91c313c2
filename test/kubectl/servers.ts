// The two servers that sequences run on, both with simulated kubelets.
import { readFileSync } from "node:fs";
import { startCluster } from "@slipway/rehearsal";
import { startAnimatedControlPlane } from "../control-plane/animated.ts";

/** A server that listens, and the text of its administrator's kubeconfig. */
export interface StartedServer {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Pods start in some tenths of a second. */
const timeScale = 0.05;

/** The embedded cluster, on real time. */
export async function startEmbedded(): Promise<StartedServer> {
  const cluster = await startCluster({ realTime: true, timeScale });
  await cluster.listen();
  return { kubeconfig: cluster.kubeconfig(), stop: cluster.stop };
}

/** A real control plane. Needs Go the first time. */
export async function startReal(): Promise<StartedServer> {
  const plane = await startAnimatedControlPlane({ timeScale });
  return { kubeconfig: readFileSync(plane.kubeconfig, "utf8"), stop: plane.stop };
}
