// Runs sequences with a real kubectl on a server.
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Sequence, Step } from "./sequence.ts";

/** What a command left behind. */
export interface Outcome {
  readonly step: Step;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const timeoutMs = 60_000;

/**
 * Runs every sequence, `parallel` of them at a time, the longest first, in folders of their own that are removed
 * afterwards. `kubeconfig` is the text of the administrator's, `kubectl` a path. The first outcome of each is that
 * of entering its namespace.
 */
export async function runSequences(
  sequences: readonly Sequence[],
  { kubeconfig, kubectl, parallel }: { kubeconfig: string; kubectl: string; parallel: number },
): Promise<Map<Sequence, Outcome[]>> {
  const root = mkdtempSync(join(tmpdir(), "kubectl-sequences-"));
  const outcomes = new Map<Sequence, Outcome[]>();
  const waiting = sequences.toSorted((a, b) => b.steps.length - a.steps.length);
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.set(next, await runSequence(next, { folder: join(root, next.name), kubeconfig, kubectl }));
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return outcomes;
}

async function runSequence(
  sequence: Sequence,
  { folder, kubeconfig, kubectl }: { folder: string; kubeconfig: string; kubectl: string },
): Promise<Outcome[]> {
  const home = join(folder, "home");
  const work = join(folder, "work");
  mkdirSync(join(home, "bin"), { recursive: true });
  mkdirSync(work);
  symlinkSync(kubectl, join(home, "bin/kubectl"));
  writeFileSync(join(home, "kubeconfig"), kubeconfig, { mode: 0o600 });
  for (const [name, text] of Object.entries(sequence.files)) {
    writeFileSync(join(work, name), text);
    if (text.startsWith("#!")) chmodSync(join(work, name), 0o755);
  }
  const environment = {
    PATH: [join(home, "bin"), process.env.PATH].join(delimiter),
    HOME: home,
    KUBECONFIG: join(home, "kubeconfig"),
    // A command lives too short to be worth collecting its garbage.
    GOGC: "off",
  };
  const run = (step: Step): Promise<Outcome> =>
    new Promise((resolve) => {
      execFile(
        "sh",
        ["-c", step.command],
        { cwd: work, env: environment, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          const code = error ? Number(error.code ?? -1) : 0;
          resolve({ step, code, stdout, stderr });
        },
      );
    });
  const outcomes = [await run({ command: enterNamespace(sequence.name), extent: "exit code" })];
  for (const step of sequence.steps) outcomes.push(await run(step));
  return outcomes;
}

/** Makes the namespace and the one that commands mean, and waits for what a cluster puts into every one. */
function enterNamespace(name: string): string {
  return [
    `kubectl create namespace ${name}`,
    `kubectl config set-context --current --namespace=${name}`,
    "kubectl wait --for=create serviceaccount/default configmap/kube-root-ca.crt --timeout=30s",
  ].join(" && ");
}
