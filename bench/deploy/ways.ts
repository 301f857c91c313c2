import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { repositoryRoot } from "../../test/support/fixtures.ts";

/** Where a way installs to. */
export interface Destination {
  readonly kubeconfig: string;
}

/** What only the way itself can tell. */
export interface WayReport {
  /** Objects that it could not even send, because nothing served their kind. */
  readonly unmatched: number;
}

/** One way to install a release. */
export interface Way {
  readonly name: string;
  /** How the user agent of its writes begins. */
  readonly userAgent: string;
  /** Resolves when every object was accepted. Rejects when it gives up. */
  run(destination: Destination): Promise<WayReport>;
}

const slipway = join(repositoryRoot, "packages/cli/bin/slipway.js");

/** The real command, as a process of its own, until it exits. */
export function slipwayUp(input: readonly string[]): Way {
  return {
    name: "slipway up",
    userAgent: "slipway/",
    async run({ kubeconfig }) {
      const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
      try {
        const target = ["--kubeconfig", kubeconfig, "--context", "control-plane"];
        return await runProcess(process.execPath, [slipway, "up", ...input, ...target, "-o", "json"], {
          directory: folder,
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/**
 * What kubeflow/manifests tells its users: build and apply everything, again and again until all of it is
 * accepted (README, "Install with a single command").
 */
export function retryLoop(kustomize: string, example: string, pauseSeconds: number): Way {
  const build = `${kustomize} build --load-restrictor LoadRestrictionsNone ${example}`;
  return {
    name: `kustomize | kubectl until it succeeds, ${pauseSeconds} s between rounds`,
    userAgent: "kubectl/",
    async run({ kubeconfig }) {
      const apply = `kubectl --kubeconfig ${kubeconfig} apply --server-side --force-conflicts -f -`;
      // Killed without warning, the bench cannot end the loop: the loop looks whether it is still there.
      const parentIsThere = `kill -0 ${process.pid} 2>/dev/null || exit 1`;
      const loop = `while ! ${build} | ${apply}; do ${parentIsThere}; sleep ${pauseSeconds}; done`;
      return runProcess("bash", ["-c", loop]);
    },
  };
}

/** Runs a process to its end. @throws with the end of what it said when it exits with another code than 0 */
export function runProcess(
  command: string,
  args: readonly string[],
  { directory, input }: { readonly directory?: string; readonly input?: string } = {},
): Promise<WayReport> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: directory, stdio: ["pipe", "ignore", "pipe"] });
    let unmatched = 0;
    let said = "";
    createInterface(child.stderr).on("line", (line) => {
      if (line.includes("no matches for kind")) unmatched += 1;
      said = `${said}${line}\n`.slice(-4_000);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve({ unmatched });
      else reject(new Error(`${command} exited with ${code}: ${said}`));
    });
    child.stdin.on("error", () => {}); // It may end without reading all of it; its exit code tells.
    child.stdin.end(input);
  });
}
