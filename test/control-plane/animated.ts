import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AuditedRequest } from "@slipway/deploy";
import { type Client, connect, createClient, loadKubeconfig, systemClock } from "@slipway/kubernetes";
import { animate, createRandom, defaultTimeModel } from "@slipway/rehearsal";
import { buildControlPlane, type KubernetesMinor } from "./build.ts";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";

/** A control plane with simulated nodes, kubelets, platform controllers and webhook servers. */
export interface AnimatedControlPlane extends ControlPlane {
  readonly client: Client;
  /** What the API server's audit log has so far, oldest first. */
  readAudit(): AuditedRequest[];
}

/** Starts one of its own for a test. */
export async function startAnimatedControlPlane(
  options: {
    readonly minor?: KubernetesMinor;
    /** Multiplies what the time model says of pods. */
    readonly timeScale?: number;
    /** Simulated nodes; 3 by default. */
    readonly nodes?: number;
    readonly aggregatorRouting?: boolean;
  } = {},
): Promise<AnimatedControlPlane> {
  const { minor, timeScale = 1, nodes, aggregatorRouting = false } = options;
  // A unix socket's path may not be longer than 107 bytes, so it lies beside the folder and not inside of it.
  const webhookSocket = join(
    "/tmp",
    `webhooks-${process.pid}-${Math.random().toString(36).slice(2, 8)}.sock`,
  );
  const plane = await startControlPlane({
    binary: buildControlPlane(minor),
    egressSocket: webhookSocket,
    aggregatorRouting,
  });
  const stopping = new AbortController();
  const { transport, close } = await connect(
    loadKubeconfig({ path: plane.kubeconfig }).access("control-plane"),
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    await close();
    await plane.stop();
  };
  const client = createClient({ transport, userAgent: "slipway-animate" });
  try {
    await animate({
      client,
      clock: systemClock,
      random: createRandom(1),
      signal: stopping.signal,
      timeModel: { ...defaultTimeModel, scale: timeScale },
      webhookSocket,
      ...(nodes === undefined ? {} : { nodes }),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...plane, client, stop, readAudit: () => readAuditLog(plane.auditLog) };
}

interface AuditLine {
  readonly verb: string;
  readonly userAgent?: string;
  readonly requestReceivedTimestamp: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string; readonly message?: string };
}

/** Reads a log of audit.k8s.io/v1 Events, one a line; a last line that is not finished yet is left out. */
function readAuditLog(file: string): AuditedRequest[] {
  const text = readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n"))
    .split("\n")
    .map((line) => {
      const { verb, userAgent = "", objectRef, responseStatus, ...event } = JSON.parse(line) as AuditLine;
      const { apiGroup: group = "", resource = "", ...place } = objectRef ?? {};
      const { code = 0, reason, message } = responseStatus ?? {};
      return {
        at: Date.parse(event.requestReceivedTimestamp),
        userAgent,
        verb,
        group,
        resource,
        ...place,
        code,
        ...(/[?&]dryRun=/.test(event.requestURI) ? { dryRun: true } : {}),
        ...(reason === undefined ? {} : { reason }),
        ...(message === undefined ? {} : { message }),
      };
    });
}
