// The hash that pod names and the stated time model are made of.

/** FNV-1a, 32 bits, of the text's UTF-8 bytes (draft-eastlake-fnv): an unsigned integer. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
