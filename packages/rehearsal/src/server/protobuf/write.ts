// Protobuf's wire format (protobuf.dev/programming-guides/encoding), writing only, and only what is written here.

/** A field of a message: text, a message, or a flag. Undefined is left out. */
export type FieldValue = string | boolean | Buffer | undefined;

/** A message of `[number, value]` fields in their order; repeated fields are given repeatedly. */
export function writeMessage(fields: Iterable<readonly [number, FieldValue]>): Buffer {
  const parts: Buffer[] = [];
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    if (typeof value === "boolean") {
      parts.push(varint(number << 3), varint(value ? 1 : 0));
      continue;
    }
    const bytes = typeof value === "string" ? Buffer.from(value) : value;
    parts.push(varint((number << 3) | 2), varint(bytes.length), bytes);
  }
  return Buffer.concat(parts);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
