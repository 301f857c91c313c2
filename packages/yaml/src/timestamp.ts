// Timestamps as go-yaml recognises them, and their form in JSON.

const pattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:([Tt])(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[+-]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?))?$/;

/**
 * A timestamp in RFC 3339 with nanoseconds, as Go's JSON encoder writes it; undefined when the text is none.
 * The four spellings are those of go-yaml v3's resolver.
 */
export function timestampToRfc3339(text: string): string | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, , hour1, minute1, second1, fraction1, zone, hour2, minute2, second2, fraction2] =
    match;
  const hour = hour1 ?? hour2 ?? "0";
  const minute = minute1 ?? minute2 ?? "0";
  const second = second1 ?? second2 ?? "0";
  if (!isRealDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const fraction = (fraction1 ?? fraction2 ?? "").slice(0, 10).replace(/\.?0+$/, "");
  const two = (part: string) => part.padStart(2, "0");
  const offset = zone === undefined || zone === "+00:00" || zone === "-00:00" ? "Z" : zone;
  return `${year}-${two(month ?? "")}-${two(day ?? "")}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${offset}`;
}

/** True for a text that go-yaml takes for a timestamp. */
export function isTimestamp(text: string): boolean {
  return text.charCodeAt(4) === 45 && timestampToRfc3339(text) !== undefined;
}

function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
