import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { repositoryRoot } from "./fixtures.ts";
import { commandEnvironment, type Finished, type RunOptions } from "./run-slipway.ts";

/** What the process that runs commands is asked for. */
export interface CommandRequest {
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

let worker: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line like `runSlipway`, but all of a test file in one process after the other: what a command
 * reads, prints and ends with is the same, and no time goes into starting it. What is about the process itself
 * (signals, pipes, help, the cache between processes) is tested with `runSlipway`.
 */
export function runInTurn(
  args: readonly string[],
  { directory = repositoryRoot, environment = {} }: Pick<RunOptions, "directory" | "environment"> = {},
): Promise<Finished> {
  const request = { args, directory, environment: commandEnvironment(environment) };
  const finished = last.then(() => ask(request));
  last = finished.catch(() => {});
  return finished;
}

async function ask(request: CommandRequest): Promise<Finished> {
  worker ??= start();
  const ended = new AbortController();
  const exit = once(worker, "exit", { signal: ended.signal }).then(([code]) => {
    throw new Error(`slipway ${request.args.join(" ")} ended the process that runs commands: ${code}`);
  });
  const answer = once(worker, "message", { signal: ended.signal });
  worker.send(request);
  worker.ref();
  worker.channel?.ref();
  try {
    const [finished] = await Promise.race([answer, exit]);
    return finished;
  } finally {
    // Until it is asked again it keeps no test file from ending.
    worker.unref();
    worker.channel?.unref();
    ended.abort();
    exit.catch(() => {});
  }
}

function start(): ChildProcess {
  const child = fork(join(import.meta.dirname, "command-process.ts"), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  process.once("beforeExit", () => {
    child.ref();
    child.disconnect();
  });
  return child;
}
