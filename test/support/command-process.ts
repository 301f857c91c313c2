// The process of `run-in-turn.ts`: runs the command lines that it is sent, each as if it were the process's own.
import module from "node:module";
import type { CommandRequest } from "./run-in-turn.ts";
import type { Finished } from "./run-slipway.ts";

module.enableCompileCache?.();
const { run } = await import("../../packages/cli/src/main.ts");
const { processShell } = await import("../../packages/cli/src/shell.ts");

process.on("message", async (request: CommandRequest) => {
  process.send?.(await runCommandLine(request));
});
process.on("disconnect", () => process.exit());

async function runCommandLine({ args, directory, environment }: CommandRequest): Promise<Finished> {
  process.chdir(directory);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  const stdout = recorder();
  const stderr = recorder();
  const shell = { ...processShell(), stdout, stderr };
  await run(args, shell);
  return { code: shell.exitCode, signal: null, stdout: stdout.text(), stderr: stderr.text() };
}

/** An output without a terminal that keeps what is written. */
function recorder() {
  const chunks: Buffer[] = [];
  return {
    write: (chunk: string | Uint8Array) => {
      chunks.push(Buffer.from(chunk as string));
    },
    isTerminal: false,
    columns: 80,
    rows: 24,
    text: () => Buffer.concat(chunks).toString("utf8"),
  };
}
