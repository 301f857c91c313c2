// The order in which go-yaml prints a map's keys (v2, sorter.go): natural, digits by value, letters last.
const letter = /\p{L}/u;

/** Negative when `left` comes first. */
export function compareKeys(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let index = 0;
  while (index < shorter && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index === shorter) return left.length - right.length;
  const a = left.charCodeAt(index);
  const b = right.charCodeAt(index);
  if (a >= 0xd800 || b >= 0xd800) return comparePoints(left, right, index);
  return compareAt(left, right, index, a, b);
}

function compareAt(left: string, right: string, index: number, a: number, b: number): number {
  const aLetter = isLetter(a);
  const bLetter = isLetter(b);
  if (aLetter && bLetter) return a - b;
  if (aLetter || bLetter) return bLetter ? -1 : 1;
  if (!isDigit(a) && !isDigit(b)) return a - b;
  let aNumber = 0n;
  let bNumber = 0n;
  if (a === 48 || b === 48) {
    for (let back = index - 1; back >= 0 && isDigit(left.charCodeAt(back)); back--) {
      if (left.charCodeAt(back) !== 48) {
        aNumber = 1n;
        bNumber = 1n;
        break;
      }
    }
  }
  const aEnd = digitsEnd(left, index);
  const bEnd = digitsEnd(right, index);
  aNumber = appendDigits(aNumber, left, index, aEnd);
  bNumber = appendDigits(bNumber, right, index, bEnd);
  if (aNumber !== bNumber) return aNumber < bNumber ? -1 : 1;
  return aEnd === bEnd ? a - b : aEnd - bEnd;
}

/** Astral characters count as one; go on from the code point's beginning. */
function comparePoints(left: string, right: string, at: number): number {
  const start = at > 0 && isLow(left.charCodeAt(at)) && isLow(right.charCodeAt(at)) ? at - 1 : at;
  return compareAt(left, right, start, left.codePointAt(start) as number, right.codePointAt(start) as number);
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function isLetter(point: number): boolean {
  if (point < 128) return (point >= 97 && point <= 122) || (point >= 65 && point <= 90);
  return letter.test(String.fromCodePoint(point));
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function digitsEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Go adds the digits up in an int64 that may overflow. */
function appendDigits(start: bigint, text: string, from: number, to: number): bigint {
  if (to === from) return start;
  return BigInt.asIntN(64, start * 10n ** BigInt(to - from) + BigInt(text.slice(from, to)));
}
