import type { RunSummary } from "@slipway/deploy";
import { formatDuration } from "@slipway/kubernetes/objects";
import type { Paint } from "../output/paint.ts";
import { renderProblem } from "../output/render-problem.ts";

/** What the end of a run says about itself, for {@link renderSummary}. */
export interface SummaryOptions {
  readonly outcome: "ready" | "failed" | "stopped";
  readonly objects: number;
  /** How nodes are called. */
  readonly nameOf: (node: string) => string;
  /** Real milliseconds, when the run's own time was simulated. */
  readonly realMs?: number;
  /** What to run next, with what it is good for. */
  readonly next: readonly string[];
  readonly verbose: boolean;
}

/** Counts, every final error, the slowest path, warnings, and the next command. */
export function renderSummary(summary: RunSummary, options: SummaryOptions, paint: Paint): string {
  const { counts } = summary;
  const lines: string[] = [];
  const time = formatDuration(summary.durationMs);
  const took =
    options.realMs === undefined
      ? time
      : `${time} of simulated time (${formatDuration(options.realMs)} real)`;
  const writes = `${summary.writes} writes, ${summary.refused} refused, ${summary.retries} retried`;
  if (options.outcome === "ready") {
    lines.push(
      `${paint.green("✓")} ${paint.bold(`all ${options.objects} objects are ready`)} after ${took}; ${writes}`,
    );
  } else {
    const word = options.outcome === "stopped" ? paint.yellow("stopped") : paint.red("failed");
    const states = [
      `${counts.ready} ready`,
      `${counts.applied + counts.applying} applied and not ready`,
      `${counts.failed} failed`,
      `${counts.skipped + counts.waiting} not started`,
    ];
    lines.push(`${word} after ${took}: ${states.join(", ")}; ${writes}`);
  }
  if (options.outcome === "ready" && summary.slowestPath.length > 0) {
    lines.push("", paint.bold("Slowest path:"));
    for (const { node, startMs, readyMs } of shownSteps(summary, options.verbose)) {
      const span = `${seconds(startMs)} to ${seconds(readyMs)}`;
      lines.push(`  ${span.padStart(18)}  ${options.nameOf(node)}`);
    }
  }
  if (summary.warnings.length > 0) {
    const count = summary.warnings.length === 1 ? "1 warning:" : `${summary.warnings.length} warnings:`;
    lines.push("", paint.bold(count));
    const shown = options.verbose ? summary.warnings : summary.warnings.slice(0, 5);
    for (const warning of shown) lines.push(`  ${warning}`);
    if (shown.length < summary.warnings.length) {
      lines.push(paint.dim(`  and ${summary.warnings.length - shown.length} more (-v shows them)`));
    }
  }
  if (summary.errors.length > 0) lines.push("");
  const errors = summary.errors.map((problem) => renderProblem(problem, paint)).join("");
  const next = options.next.map((command) => `${paint.bold("next:")} ${command}\n`).join("");
  return `${lines.join("\n")}\n${errors}${next ? `\n${next}` : ""}`;
}

/** Steps that took time; all of them with `-v`. */
function shownSteps(summary: RunSummary, verbose: boolean): RunSummary["slowestPath"] {
  return verbose ? summary.slowestPath : summary.slowestPath.filter((step) => step.readyMs > step.startMs);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
