import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { addEmbeddedFlags, addOutputFlags, type OutputFlags, wholeNumber } from "../input/flags.ts";
import { paintFor } from "../output/paint.ts";
import type { Shell } from "../shell.ts";

interface StartFlags extends OutputFlags {
  readonly port: number;
  readonly writeKubeconfig: string;
  readonly realTime?: boolean;
  readonly seed?: number;
}

/** `slipway cluster start`: the embedded API server with its controllers, for kubectl and anything else. */
export function configure(command: Command, shell: Shell): void {
  const start = command.command("start").description("start it and serve it until Ctrl-C");
  start
    .option("--port <number>", "the port on 127.0.0.1; 0 takes a free one", wholeNumber, 0)
    .option("--write-kubeconfig <path>", "where to write its kubeconfig", ".slipway/kubeconfig");
  addEmbeddedFlags(start);
  addOutputFlags(start, ["text", "json"]);
  start.action((flags: StartFlags) => startAndServe(flags, shell));
}

async function startAndServe(flags: StartFlags, shell: Shell): Promise<void> {
  const { startCluster } = await import("@slipway/rehearsal");
  const { seed = 1, realTime = false } = flags;
  const cluster = await startCluster({ seed, realTime });
  try {
    const { url, port } = await cluster.listen(flags.port);
    const kubeconfig = resolve(shell.directory, flags.writeKubeconfig);
    mkdirSync(dirname(kubeconfig), { recursive: true });
    writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
    const { bold } = paintFor(shell.stderr, shell, flags.color);
    if (flags.output === "json") {
      const document = { apiVersion: "slipway.dev/v1alpha1", kind: "Cluster", url, port, kubeconfig };
      shell.stdout.write(`${JSON.stringify(document)}\n`);
    } else {
      shell.stdout.write(`export KUBECONFIG=${kubeconfig}\n`);
      shell.stderr.write(`${bold("Serving")} an embedded cluster at ${url}; Ctrl-C ends it\n`);
    }
    await interrupted(shell);
  } finally {
    await cluster.stop();
  }
}

function interrupted(shell: Shell): Promise<void> {
  return new Promise((done) => {
    const release = shell.onInterrupt(() => {
      release();
      done();
    });
  });
}
