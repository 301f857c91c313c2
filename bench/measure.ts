import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One run of a command as a whole process. */
export interface Measurement {
  readonly wallMs: number;
  /** Peak resident memory; 0 where the system does not tell. */
  readonly peakMb: number;
  readonly stdout: string;
}

/**
 * Runs a command to its end, its standard error thrown away. Peak memory is the kernel's own high-water mark,
 * read from /proc while the process lives, so a peak in the last 10 ms can be missed.
 * @throws when the command cannot be started or exits with another code than 0
 */
export function measure(command: string, args: readonly string[]): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    const complaints: Buffer[] = [];
    let peakKb = 0;
    const sampler = setInterval(() => {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
        peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
      } catch {
        // No /proc on this system, or the process has just ended.
      }
    }, 10);
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
    child.on("error", (error) => {
      clearInterval(sampler);
      reject(error);
    });
    child.on("close", (code) => {
      clearInterval(sampler);
      const wallMs = performance.now() - started;
      if (code === 0)
        resolve({ wallMs, peakMb: peakKb / 1024, stdout: Buffer.concat(chunks).toString("utf8") });
      else
        reject(
          new Error(
            `${command} ${args.join(" ")} exited with ${code}: ${Buffer.concat(complaints).toString("utf8").slice(-2000)}`,
          ),
        );
    });
  });
}

/** Runs two commands in turn, `runs` times each, and gives the median run of each: both see the same machine. */
export async function compare(
  ours: readonly [string, ...string[]],
  peer: readonly [string, ...string[]],
  runs: number,
): Promise<{ ours: Measurement; peer: Measurement }> {
  const results: [Measurement[], Measurement[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    results[0].push(await measure(ours[0], ours.slice(1)));
    results[1].push(await measure(peer[0], peer.slice(1)));
  }
  return { ours: median(results[0]), peer: median(results[1]) };
}

/** The run with the median wall time. */
export function median(runs: readonly Measurement[]): Measurement {
  const sorted = [...runs].sort((a, b) => a.wallMs - b.wallMs);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (!middle) throw new Error("no runs to take the median of");
  return middle;
}
