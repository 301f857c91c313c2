import { comparable } from "./compare.ts";
import { type Outcome, runSequences } from "./run-sequence.ts";
import type { Sequence, Step } from "./sequence.ts";
import { startEmbedded, startReal } from "./servers.ts";

/** What one command came to on both servers, without what no two servers have in common. */
export interface Pair {
  readonly sequence: string;
  readonly step: Step;
  readonly real: string;
  readonly embedded: string;
}

/** Runs sequences on a fresh server of each kind, on both at the same time; commands in their order. */
export async function runOnBoth(sequences: readonly Sequence[], kubectl: string): Promise<Pair[]> {
  const [real, embedded] = await Promise.all([startReal, startEmbedded].map((start) => runOn(start)));
  return sequences.flatMap((sequence) => {
    const own = embedded?.get(sequence) ?? [];
    return (real?.get(sequence) ?? []).map((outcome, index): Pair => {
      const other = own[index];
      return {
        sequence: sequence.name,
        step: outcome.step,
        real: comparable(outcome),
        embedded: other ? comparable(other) : "",
      };
    });
  });

  async function runOn(start: typeof startReal): Promise<Map<Sequence, Outcome[]>> {
    const server = await start();
    try {
      return await runSequences(sequences, { kubeconfig: server.kubeconfig, kubectl, parallel: 3 });
    } finally {
      await server.stop();
    }
  }
}

/** `N of M commands print the same text`, and how many of those are compared in part. */
export function countPairs(pairs: readonly Pair[]): string {
  const shown = pairs.filter(({ step }) => step.extent !== "exit code");
  const same = shown.filter(({ real, embedded }) => real === embedded);
  const partly = same.filter(({ step }) => step.extent === "undocumented").length;
  return `kubectl: ${same.length} of ${shown.length} commands print the same text (${partly} of them but for the documentation of fields)`;
}
