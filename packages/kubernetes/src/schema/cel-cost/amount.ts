// Costs and sizes (cel-go checker/cost.go). The real ones are unsigned 64 bit numbers that stay at the largest where
// they would overflow. Ours are exact up to 2^53, far beyond every limit that they are held against.

/** The largest cost or size, which stands for one that is not known. */
export const most = 2 ** 64;

export const add = (a: number, b: number): number => Math.min(a + b, most);
export const multiply = (a: number, b: number): number => Math.min(a * b, most);
/** A size with so much for each unit of it, rounded up. */
export const scale = (size: number, factor: number): number => Math.min(Math.ceil(size * factor), most);

/** What the traversal of a text costs, for each character. */
export const perCharacter = 0.1;
/** What a pattern costs for each of its characters. */
export const perPatternCharacter = 0.25;

/** How many characters, bytes, items or entries there may be. */
export interface Size {
  readonly min: number;
  readonly max: number;
}

export const unknownSize: Size = { min: 0, max: most };
export const exactly = (size: number): Size => ({ min: size, max: size });

/** One of two. */
export function either(a: Size, b: Size): Size {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

/** Both, one after the other. */
export function joined(a: Size, b: Size): Size {
  return { min: add(a.min, b.min), max: add(a.max, b.max) };
}

/** One for each of the other. */
export function times(a: Size, b: Size): Size {
  return { min: multiply(a.min, b.min), max: multiply(a.max, b.max) };
}
