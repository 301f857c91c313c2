/** One line of the benchmark's table: what was measured, what it came to, and whether that meets its target. */
export interface Row {
  readonly what: string;
  /** The two figures, as a person reads them. */
  readonly detail: string;
  readonly value: number;
  readonly unit: "x" | "s" | "MB" | "";
  readonly target: number;
}

/** Our time against a peer's, both in milliseconds. */
export function timeRatio(what: string, oursMs: number, peerMs: number, target: number): Row {
  const detail = `${(oursMs / 1000).toFixed(3)} s / ${(peerMs / 1000).toFixed(3)} s`;
  return { what, value: oursMs / peerMs, unit: "x", target, detail };
}

/** Our memory against a peer's, both in MB. */
export function memoryRatio(what: string, oursMb: number, peerMb: number, target: number): Row {
  const detail = `${oursMb.toFixed(0)} MB / ${peerMb.toFixed(0)} MB`;
  return { what, value: oursMb / peerMb, unit: "x", target, detail };
}

/** A benchmark that could not run, and why. */
export interface Omitted {
  readonly what: string;
  readonly reason: string;
}

/** `ok   build … 0.31 x (target <= 0.5)  1.5 s / 4.9 s`. */
export function formatRow(row: Row): string {
  const verdict = row.value <= row.target ? "ok  " : "MISS";
  const value = `${row.value.toFixed(2)} ${row.unit}`;
  return `${verdict} ${row.what.padEnd(58)} ${value.padStart(10)}  target <= ${row.target} ${row.unit}   ${row.detail}`;
}
