/**
 * How long ago a moment was, as kubectl prints it (apimachinery `duration.HumanDuration`): `45s`, `3m20s`, `5h`,
 * `2d4h`, `300d`; `<unknown>` without a moment.
 */
export function formatAge(since: string | undefined | null, now: number): string {
  if (!since) return "<unknown>";
  return formatSpan(now - Date.parse(since));
}

/** A span of milliseconds in at most two units. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return join(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return join(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return join(days, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  if (hours < 24 * 365 * 8) return join(years, "y", days % 365, "d");
  return `${years}y`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}
