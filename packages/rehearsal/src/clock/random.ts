// Reproducible chance.

/**
 * Numbers in [0, 1) that depend on the seed alone (the generator is Tommy Ettinger's mulberry32: 32 bits of
 * state, enough for identifiers, jitter and simulated times; not for anything secret).
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The letters that Kubernetes makes names of: no vowels and nothing that looks like another letter. */
const NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** A name's random suffix as Kubernetes makes it (apimachinery `util/rand`): five letters by default. */
export function randomSuffix(random: () => number, length = 5): string {
  let text = "";
  for (let i = 0; i < length; i += 1) text += NAME_LETTERS[Math.floor(random() * NAME_LETTERS.length)];
  return text;
}

/** A version 4 UUID of the given chance. */
export function randomUuid(random: () => number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = "89ab"[Math.floor(random() * 4)];
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}

/** Kubernetes' `SafeEncodeString`: a number's digits in the letters of generated names, as in pod-template-hash. */
export function encodeSafely(text: string): string {
  let encoded = "";
  for (const letter of text) encoded += NAME_LETTERS[letter.charCodeAt(0) % NAME_LETTERS.length];
  return encoded;
}
