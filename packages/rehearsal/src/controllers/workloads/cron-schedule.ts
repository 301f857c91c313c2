// When a CronJob runs: the five fields of crontab(5), in UTC.

/** The minutes, hours, days, months and weekdays on which something runs. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day and weekday both count when either is `*`; else one of them is enough. */
  readonly eitherDay: boolean;
}

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** 29 February on a given weekday comes round within this many days. */
const LONGEST_SEARCH_DAYS = 366 * 40;

/** Reads a schedule; `undefined` when it is none. */
export function parseCronSchedule(text: string): CronSchedule | undefined {
  const fields = (MACROS[text.trim()] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const minutes = parseField(minute, { low: 0, high: 59 });
  const hours = parseField(hour, { low: 0, high: 23 });
  const days = parseField(day, { low: 1, high: 31 });
  const months = parseField(month, { low: 1, high: 12, names: MONTHS });
  const weekdays = parseField(weekday, { low: 0, high: 7, names: WEEKDAYS });
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  const open = (field: string) => field.startsWith("*") || field.startsWith("?");
  return { minutes, hours, days, months, weekdays, eitherDay: !open(day) && !open(weekday) };
}

/** The first time after `after` (milliseconds since the epoch) at which the schedule runs; `undefined` if never. */
export function nextRun(schedule: CronSchedule, after: number): number | undefined {
  let time = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (let day = 0; day < LONGEST_SEARCH_DAYS; day += 1) {
    const midnight = Math.floor(time / DAY_MS) * DAY_MS;
    if (runsOn(schedule, midnight)) {
      for (; time < midnight + DAY_MS; time += MINUTE_MS) {
        const date = new Date(time);
        if (schedule.hours.has(date.getUTCHours()) && schedule.minutes.has(date.getUTCMinutes())) return time;
      }
    }
    time = midnight + DAY_MS;
  }
  return undefined;
}

function runsOn({ days, months, weekdays, eitherDay }: CronSchedule, midnight: number): boolean {
  const date = new Date(midnight);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const day = days.has(date.getUTCDate());
  const weekday = weekdays.has(date.getUTCDay());
  return eitherDay ? day || weekday : day && weekday;
}

// `*`, `1-5`, `10-50/15`, `mon,wed` and mixtures of them; a step may follow `*` as well.
function parseField(
  text: string,
  {
    low,
    high,
    names = [],
  }: { readonly low: number; readonly high: number; readonly names?: readonly string[] },
): Set<number> | undefined {
  const number = (word: string): number => {
    const index = names.indexOf(word.toLowerCase());
    if (index >= 0) return names === MONTHS ? index + 1 : index;
    return /^[0-9]+$/.test(word) ? Number(word) : Number.NaN;
  };
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const every = step === undefined ? 1 : number(step);
    let from = low;
    let to = high;
    if (range !== "*" && range !== "?") {
      const [first = "", last] = range.split("-");
      from = number(first);
      to = last === undefined ? (step === undefined ? from : high) : number(last);
    }
    if (!(from >= low && to <= high && from <= to && every >= 1)) return undefined;
    for (let value = from; value <= to; value += every) values.add(value);
  }
  return values;
}
