// Lists of indexes as Jobs write them, `1,3-5,7` (kubernetes pkg/apis/batch/validation validateIndexesFormat,
// parseIndexInterval and validateFailedIndexesNotOverlapCompleted).

/** From one index to another, both of them included. */
type Interval = readonly [first: number, last: number];

/** How many indexes a list has that are all below `completions`, or what is wrong with it. */
export function countIndexes(text: string, completions: number): number | string {
  if (text === "") return 0;
  let [total, previous] = [0, -1];
  for (const part of text.split(",")) {
    const interval = parseInterval(part, completions);
    if (typeof interval === "string") return interval;
    const [first, last] = interval;
    if (previous >= first) return nonIncreasing(previous, first);
    total += last - first + 1;
    previous = last;
  }
  return total;
}

/** The first index that two lists share, going through both in order; parts that do not parse are left out. */
export function sharedIndex(one: string, other: string, completions: number): number | undefined {
  const [left, right] = [one, other].map((text) =>
    text
      .split(",")
      .map((part) => parseInterval(part, completions))
      .filter((interval) => typeof interval !== "string"),
  );
  let [at, beside] = [0, 0];
  for (;;) {
    const [a, b] = [left?.[at], right?.[beside]];
    if (!a || !b) return undefined;
    if (a[0] <= b[1] && b[0] <= a[1]) return Math.max(a[0], b[0]);
    if (a[0] <= b[0]) at++;
    else beside++;
  }
}

function parseInterval(text: string, completions: number): Interval | string {
  const limits = text.split("-");
  if (limits.length > 2) {
    return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  const numbers: number[] = [];
  for (const limit of limits) {
    const number = parseIndex(limit);
    if (number === undefined) return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (number >= completions) return `too large index: ${JSON.stringify(limit)}`;
    numbers.push(number);
  }
  const [first = 0, last] = numbers;
  if (last === undefined) return [first, first];
  return first >= last ? nonIncreasing(first, last) : [first, last];
}

/** What Go's Atoi reads, which has 64 bits. */
function parseIndex(text: string): number | undefined {
  return /^\+?\d+$/.test(text) && BigInt(text.replace("+", "")) < 2n ** 63n ? Number(text) : undefined;
}

function nonIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}
