import { formatDuration } from "@slipway/kubernetes/objects";
import type { Paint } from "../output/paint.ts";
import { isObject, listNames, type NodeProgress, type RunState, stillAwaited } from "./run-state.ts";

/** A component as the live view shows it. */
interface Row {
  readonly name: string;
  readonly nodes: readonly NodeProgress[];
  readonly isDone: boolean;
  /** Objects that are ready, and all of them. */
  readonly ready: number;
  readonly total: number;
  readonly failed: number;
}

/**
 * One picture of a run: how far it is, and a line for each component that is not done with the object that
 * keeps it. No line is wider than `columns`, no picture higher than `rows`.
 */
export function drawFrame(
  run: RunState,
  size: { readonly columns: number; readonly rows: number },
  paint: Paint,
): string[] {
  const rows = groupByComponent(run);
  const done = rows.filter((row) => row.isDone);
  const going = rows.filter((row) => !row.isDone).sort(busiestFirst);
  const lines = [headline(run, size.columns, paint)];
  if (done.length > 0) {
    const names = done.map((row) => row.name).join(", ");
    lines.push(
      cut(`✓ ${done.length} of ${rows.length} components ready: ${names}`, size.columns, paint.green),
    );
  }
  const room = Math.max(1, size.rows - lines.length - 2);
  const width = Math.min(24, Math.max(0, ...going.map((row) => row.name.length)));
  for (const row of going.slice(0, room)) lines.push(drawRow(run, row, width, size.columns, paint));
  if (going.length > room) lines.push(cut(`  and ${going.length - room} more`, size.columns, paint.dim));
  return lines;
}

function headline(run: RunState, columns: number, paint: Paint): string {
  const total = run.objects;
  const share = total === 0 ? 0 : run.counts.ready / total;
  const filled = Math.round(share * 20);
  const bar = `${"█".repeat(filled)}${"░".repeat(20 - filled)}`;
  const retries = run.retries > 0 ? `, ${run.retries} retries` : "";
  const stopping = run.stopping ? `, stopping: ${run.stopping}` : "";
  const elapsed = formatDuration(Math.max(0, run.now - run.startedAt));
  const failed = run.counts.failed > 0 ? `, ${run.counts.failed} failed` : "";
  return cut(
    `${bar} ${run.counts.ready} of ${total} ready, ${run.counts.applied} starting${failed}, ${elapsed}${retries}${stopping}`,
    columns,
    paint.bold,
  );
}

function drawRow(run: RunState, row: Row, width: number, columns: number, paint: Paint): string {
  const mark = row.failed > 0 ? "✗" : row.nodes.some(({ state }) => isUnderWay(state)) ? "●" : "○";
  const color = row.failed > 0 ? paint.red : mark === "●" ? paint.yellow : paint.dim;
  const count = `${row.ready}/${row.total}`;
  const text = `${mark} ${row.name.slice(0, width).padEnd(width)} ${count.padStart(7)}  ${describe(run, row)}`;
  return cut(text, columns, color);
}

/** What keeps a component: a failure, else what it starts, else what it waits for. */
function describe(run: RunState, row: Row): string {
  const failed = row.nodes.find(({ state }) => state === "failed");
  if (failed) return `${failed.name} failed: ${failed.message}`;
  const starting = longest(row.nodes.filter(({ state }) => isUnderWay(state)));
  if (starting) {
    const elapsed = formatDuration(Math.max(0, run.now - starting.since));
    const expected = starting.expectedMs ? ` of about ${formatDuration(starting.expectedMs)}` : "";
    const message = starting.message ? `: ${starting.message}` : "";
    return `${starting.name} ${elapsed}${expected}${message}`;
  }
  const waiting = row.nodes.find(({ state, waitsFor }) => state === "waiting" && waitsFor.length > 0);
  if (waiting) return `${waiting.name} waits for ${listNames(run, stillAwaited(run, waiting.waitsFor))}`;
  return "waits";
}

function isUnderWay(state: NodeProgress["state"]): boolean {
  return state === "applied" || state === "applying";
}

function longest(nodes: readonly NodeProgress[]): NodeProgress | undefined {
  return [...nodes].sort((a, b) => (b.expectedMs ?? 0) - (a.expectedMs ?? 0) || a.since - b.since)[0];
}

function groupByComponent(run: RunState): Row[] {
  const groups = new Map<string, NodeProgress[]>();
  for (const node of run.nodes.values()) {
    const name = node.component ?? "platform";
    const group = groups.get(name);
    if (group) group.push(node);
    else groups.set(name, [node]);
  }
  return [...groups].map(([name, nodes]) => ({
    name,
    nodes,
    isDone: nodes.every(({ state }) => state === "ready"),
    ready: nodes.filter(({ node, state }) => isObject(node) && state === "ready").length,
    total: nodes.filter(({ node }) => isObject(node)).length,
    failed: nodes.filter(({ state }) => state === "failed").length,
  }));
}

/** Failed ones first, then those under way; otherwise the order in which they came. */
function busiestFirst(a: Row, b: Row): number {
  const weight = (row: Row) =>
    (row.failed > 0 ? 2 : 0) + (row.nodes.some(({ state }) => isUnderWay(state)) ? 1 : 0);
  return weight(b) - weight(a);
}

/** Cut to the width before colours are added, so that no escape sequence is cut through. */
function cut(text: string, columns: number, color: (text: string) => string): string {
  const flat = text.replace(/\s*\n\s*/g, " ");
  return color(flat.length < columns ? flat : `${flat.slice(0, Math.max(0, columns - 2))}…`);
}
