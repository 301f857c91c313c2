import { joined, most, type Size, times } from "./amount.ts";

/** The size of a text in which one text is replaced by another everywhere (apiserver cel/library/cost.go, "replace"). */
export function replacedSize(text: Size, old: Size, fresh: Size): Size {
  const [least, largest] = [shortest(text, old, fresh), longest(text, old, fresh)];
  const count = { min: least.count, max: largest.count };
  const kept = { min: least.kept, max: largest.kept };
  return joined(times(count, fresh), kept);
}

function longest(text: Size, old: Size, fresh: Size): { count: number; kept: number } {
  // What replaces nothing stands around every character.
  if (old.min === 0) return { count: Math.min(text.max + 1, most), kept: text.max };
  if (fresh.max <= old.min) return { count: 0, kept: text.max };
  return { count: Math.ceil(text.max / old.min), kept: 0 };
}

function shortest(text: Size, old: Size, fresh: Size): { count: number; kept: number } {
  if (old.max === 0) return { count: Math.min(text.min + 1, most), kept: text.min };
  if (old.max <= fresh.min) return { count: 0, kept: text.min };
  return { count: Math.ceil(text.min / old.max), kept: 0 };
}
