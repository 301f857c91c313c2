// Times as the API writes them.

/** meta/v1 Time: seconds, UTC. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Milliseconds since the epoch of a meta/v1 Time; `undefined` when there is none. */
export function parseTime(text: string | null | undefined): number | undefined {
  return text ? Date.parse(text) : undefined;
}
