// Schedules of CronJobs in the words of the parser that the real server has (github.com/robfig/cron/v3 ParseStandard).

/** What a field may be, from the least to the most; some values have names. */
interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fieldBounds: readonly Bounds[] = [
  { least: 0, most: 59 },
  { least: 0, most: 23 },
  { least: 1, most: 31 },
  { least: 1, most: 12, names: months },
  { least: 0, most: 6, names: weekdays },
];

const descriptors = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/** What is wrong with a schedule; undefined when it is one. */
export function scheduleFault(schedule: string): string | undefined {
  const [zone, rest] = splitZone(schedule);
  if (zone !== undefined && rest === undefined) {
    return "invalid schedule format: runtime error: slice bounds out of range [:-1]";
  }
  if (zone && zone !== "Local" && !isTimeZone(zone)) {
    return `provided bad location ${zone}: unknown time zone ${zone}`;
  }
  const times = rest ?? schedule;
  if (times.startsWith("@")) return descriptorFault(times);
  const fields = times.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== fieldBounds.length) {
    return `expected exactly ${fieldBounds.length} fields, found ${fields.length}: [${fields.join(" ")}]`;
  }
  for (const [index, bounds] of fieldBounds.entries()) {
    for (const range of (fields[index] ?? "").split(",")) {
      const fault = range === "" ? undefined : rangeFault(range, bounds);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** The time zone that a schedule begins with, and what comes behind it, where there is a space between them. */
function splitZone(schedule: string): readonly [string | undefined, string | undefined] {
  const [start] = /^(CRON_)?TZ=/.exec(schedule) ?? [];
  if (start === undefined) return [undefined, undefined];
  const end = schedule.indexOf(" ");
  if (end < 0) return [schedule.slice(start.length), undefined];
  return [schedule.slice(start.length, end), schedule.slice(end).trim()];
}

/** Whether Go finds a time zone of this name in its database, whose files begin with a capital letter. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function descriptorFault(descriptor: string): string | undefined {
  if (descriptors.includes(descriptor)) return undefined;
  const [, duration] = /^@every (.*)$/s.exec(descriptor) ?? [];
  if (duration === undefined) return `unrecognized descriptor: ${descriptor}`;
  const fault = durationFault(duration);
  return fault && `failed to parse duration ${descriptor}: time: ${fault}`;
}

/** What Go's time.ParseDuration says. */
function durationFault(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return undefined;
  if (rest === "") return `invalid duration ${quoted}`;
  while (rest !== "") {
    const [part, , unit = ""] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? [];
    if (part === undefined) return `invalid duration ${quoted}`;
    if (unit === "") return `missing unit in duration ${quoted}`;
    if (!/^(ns|us|µs|μs|ms|s|m|h)$/.test(unit)) {
      return `unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    }
    rest = rest.slice(part.length);
  }
  return undefined;
}

function rangeFault(range: string, bounds: Bounds): string | undefined {
  const [values = "", step, ...steps] = range.split("/");
  const [low = "", high, ...others] = values.split("-");
  let { least: start, most: end } = bounds;
  if (low !== "*" && low !== "?") {
    const first = numberOf(low, bounds);
    if (typeof first === "string") return first;
    const last = high === undefined ? first : numberOf(high, bounds);
    if (others.length > 0) return `too many hyphens: ${range}`;
    if (typeof last === "string") return last;
    [start, end] = [first, last];
  }
  if (steps.length > 0) return `too many slashes: ${range}`;
  const every = step === undefined ? 1 : numberOf(step, {});
  if (typeof every === "string") return every;
  if (step !== undefined && high === undefined) end = bounds.most;
  if (start < bounds.least) {
    return `beginning of range (${start}) below minimum (${bounds.least}): ${range}`;
  }
  if (end > bounds.most) return `end of range (${end}) above maximum (${bounds.most}): ${range}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${range}`;
  return every === 0 ? `step of range should be a positive number: ${range}` : undefined;
}

/** A number or the name of one; the text is what is wrong with it. */
function numberOf(text: string, { least = 0, names = [] }: Partial<Bounds>): number | string {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + least;
  const fault = atoiFault(text);
  if (fault)
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${fault}`;
  const number = Number(text);
  return number < 0 ? `negative number (${number}) not allowed: ${text}` : number;
}

function atoiFault(text: string): string | undefined {
  if (!/^[-+]?\d+$/.test(text)) return "invalid syntax";
  const number = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, number) === number ? undefined : "value out of range";
}
