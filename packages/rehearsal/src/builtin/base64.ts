/**
 * Where a text stops being base64, as Go counts (encoding/base64 decodeQuantum): a byte that is none of its letters,
 * or the beginning of a group of four that is not whole; undefined when the text is base64. Line ends count as nothing.
 */
export function base64ErrorAt(text: string): number | undefined {
  const isBreak = (at: number) => text[at] === "\n" || text[at] === "\r";
  const skipBreaks = (at: number) => {
    let next = at;
    while (isBreak(next)) next++;
    return next;
  };
  let letters = 0;
  for (let at = 0; at < text.length; at++) {
    if (isBreak(at)) continue;
    const letter = text[at] as string;
    if (/[A-Za-z0-9+/]/.test(letter)) {
      letters = (letters + 1) % 4;
      continue;
    }
    if (letter !== "=" || letters < 2) return at;
    let next = skipBreaks(at + 1);
    if (letters === 2) {
      if (next === text.length) return text.length;
      if (text[next] !== "=") return next - 1;
      next = skipBreaks(next + 1);
    }
    return next < text.length ? next : undefined;
  }
  return letters === 0 ? undefined : text.length - letters;
}
