/**
 * The candidate that a person most likely meant: at most two edits away (one for words of up to four letters), or the only one that
 * starts with what was typed. Case does not matter.
 */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const word = typed.toLowerCase();
  const limit = word.length <= 4 ? 1 : 2;
  let best: { candidate: string; distance: number } | undefined;
  const prefixed: string[] = [];
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (word.length > 1 && other.startsWith(word)) prefixed.push(candidate);
    const distance = editDistance(word, other, best ? best.distance - 1 : limit);
    if (distance <= (best ? best.distance - 1 : limit)) best = { candidate, distance };
  }
  return best?.candidate ?? (prefixed.length === 1 ? prefixed[0] : undefined);
}

/**
 * The optimal string alignment distance (insert, delete, replace, swap of neighbours), or more than `limit`
 * once it cannot be less.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
