// DER, read by shapes as Go's encoding/asn1 reads it into structs, and refused in its words.
import { isUtf8 } from "node:buffer";

/** What does not read; the message is Go's. */
export class DerError extends Error {}

/** No bytes. */
export const nothing: Buffer = Buffer.alloc(0);

/** The shape of a struct, by the name of its Go type. */
export function struct(name: string, fields: Readonly<Record<string, Field>>): Shape {
  return { kind: "struct", name, fields };
}

const syntax = (text: string) => new DerError(`asn1: syntax error: ${text}`);
const structure = (text: string) => new DerError(`asn1: structure error: ${text}`);

/** What is expected somewhere; a struct's and a list's `name` is that of the Go type, "" where it has none. */
export type Shape =
  | { readonly kind: "integer" | "oid" | "bits" | "boolean" | "octets" | "raw" | "any" }
  | { readonly kind: "struct"; readonly name: string; readonly fields: Readonly<Record<string, Field>> }
  | { readonly kind: "list"; readonly name: string; readonly of: Shape; readonly set?: boolean };

/** A field of a struct; `tag` is that of the context which stands for its own. */
export interface Field {
  readonly shape: Shape;
  readonly optional?: boolean;
  readonly tag?: number;
}

/** A value as it was read: what it is in bytes, with and without its header, and what is in it. */
export interface DerValue {
  readonly full: Buffer;
  readonly content: Buffer;
  /** The fields of a struct that were there. */
  readonly fields: Readonly<Record<string, DerValue>>;
  /** The items of a list. */
  readonly items: readonly DerValue[];
  /** An object identifier, with dots. */
  readonly oid: string;
  /** A string of bits, moved to the right. */
  readonly bits: Buffer;
}

interface Header {
  readonly class: number;
  readonly tag: number;
  readonly compound: boolean;
  readonly length: number;
  /** Where the content begins. */
  readonly start: number;
}

const tags = { boolean: 1, integer: 2, bits: 3, octets: 4, oid: 6, struct: 16, list: 16, raw: -1, any: -1 };
const names = { boolean: "bool", integer: "int", bits: "BitString", octets: "", oid: "ObjectIdentifier" };

/** Reads one value; what stands behind it is the `rest`. Throws DerError. */
export function readDer(bytes: Buffer, shape: Shape): { readonly value: DerValue; readonly rest: Buffer } {
  const read = readField(bytes, 0, { shape });
  return { value: read.value as DerValue, rest: bytes.subarray(read.end) };
}

/** Reads a value behind which nothing stands, or throws DerError. */
export function readWholeDer(
  bytes: Buffer,
  shape: Shape,
  trailing = "asn1: syntax error: trailing data",
): DerValue {
  const { value, rest } = readDer(bytes, shape);
  if (rest.length > 0) throw new DerError(trailing);
  return value;
}

/** The same; undefined for what does not read. */
export function readDerOr(bytes: Buffer, shape: Shape): DerValue | undefined {
  try {
    return readWholeDer(bytes, shape);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

interface Read {
  readonly value: DerValue | undefined;
  readonly end: number;
}

function readField(bytes: Buffer, offset: number, field: Field): Read {
  const { shape, optional = false } = field;
  if (offset === bytes.length) {
    if (optional) return { value: undefined, end: offset };
    throw syntax("sequence truncated");
  }
  const header = readHeader(bytes, offset);
  if (shape.kind !== "any" && !fits(header, field)) {
    if (optional) return { value: undefined, end: offset };
    throw mismatch(header, field);
  }
  const end = header.start + header.length;
  if (end > bytes.length) throw syntax("data truncated");
  const content = bytes.subarray(header.start, end);
  const full = bytes.subarray(offset, end);
  const bare = { full, content, fields: {}, items: [], oid: "", bits: content };
  if (shape.kind === "any") {
    if (header.class === 0 && !header.compound) checkPrimitive(header.tag, content);
    return { value: bare, end };
  }
  return { value: { ...bare, ...readContent(content, shape) }, end };
}

function fits({ class: kind, tag, compound }: Header, { shape, tag: own }: Field): boolean {
  const any = shape.kind === "raw";
  if (own !== undefined) {
    if (kind !== 2 || tag !== own) return false;
  } else if (!any && (kind !== 0 || tag !== tagOf(shape))) return false;
  return any || compound === (shape.kind === "struct" || shape.kind === "list");
}

function tagOf(shape: Shape): number {
  return shape.kind === "list" && shape.set ? 17 : tags[shape.kind];
}

function mismatch(header: Header, { shape, optional = false, tag }: Field): DerError {
  const { class: kind, tag: found, length, compound, start } = header;
  const name =
    shape.kind === "struct" || shape.kind === "list"
      ? shape.name
      : shape.kind in names
        ? names[shape.kind as keyof typeof names]
        : "";
  const params = `optional:${optional} explicit:false application:false private:false defaultValue:<nil> tag:${tag ?? "<nil>"} stringType:0 timeType:0 set:false omitEmpty:false`;
  return structure(
    `tags don't match (${tag ?? tagOf(shape)} vs {class:${kind} tag:${found} length:${length} isCompound:${compound}}) {${params}} ${name} @${start}`,
  );
}

function readContent(content: Buffer, shape: Shape): Partial<DerValue> {
  switch (shape.kind) {
    case "struct": {
      const fields: Record<string, DerValue> = {};
      let offset = 0;
      for (const [name, field] of Object.entries(shape.fields)) {
        const { value, end } = readField(content, offset, field);
        if (value) fields[name] = value;
        offset = end;
      }
      return { fields };
    }
    case "list":
      return { items: readItems(content, shape.of) };
    case "oid":
      return { oid: readOid(content) };
    case "bits":
      return { bits: readBits(content) };
    case "integer":
      checkInteger(content);
      return {};
    case "boolean":
      checkBoolean(content);
      return {};
    default:
      return {};
  }
}

/** First all headers are looked at, then the items. */
function readItems(content: Buffer, shape: Shape): DerValue[] {
  for (let offset = 0; offset < content.length; ) {
    const header = readHeader(content, offset);
    if (shape.kind !== "raw" && shape.kind !== "any" && !fits(header, { shape })) {
      throw structure("sequence tag mismatch");
    }
    offset = header.start + header.length;
    if (offset > content.length) throw syntax("truncated sequence");
  }
  const items: DerValue[] = [];
  for (let offset = 0; offset < content.length; ) {
    const { value, end } = readField(content, offset, { shape });
    items.push(value as DerValue);
    offset = end;
  }
  return items;
}

function readHeader(bytes: Buffer, from: number): Header {
  let offset = from;
  const first = bytes[offset++] ?? 0;
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    const long = readBase128(bytes, offset);
    [tag, offset] = [long.value, long.end];
    if (tag < 0x1f) throw syntax("non-minimal tag");
  }
  const next = () => {
    const byte = bytes[offset++];
    if (byte === undefined) throw syntax("truncated tag or length");
    return byte;
  };
  const second = next();
  let length = second & 0x7f;
  if (second & 0x80) {
    if (length === 0) throw syntax("indefinite length found (not DER)");
    const count = length;
    length = 0;
    for (let index = 0; index < count; index++) {
      const byte = next();
      if (length >= 2 ** 23) throw structure("length too large");
      length = length * 256 + byte;
      if (length === 0) throw structure("superfluous leading zeros in length");
    }
    if (length < 0x80) throw structure("non-minimal length");
  }
  return { class: first >> 6, tag, compound: (first & 0x20) !== 0, length, start: offset };
}

function readBase128(bytes: Buffer, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let offset = from; offset < bytes.length; offset++) {
    if (offset - from === 5) throw structure("base 128 integer too large");
    const byte = bytes[offset] ?? 0;
    if (offset === from && byte === 0x80) throw syntax("integer is not minimally encoded");
    value = value * 128 + (byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (value >= 2 ** 31) throw structure("base 128 integer too large");
    return { value, end: offset + 1 };
  }
  throw syntax("truncated base 128 integer");
}

function readOid(content: Buffer): string {
  if (content.length === 0) throw syntax("zero length OBJECT IDENTIFIER");
  const numbers: number[] = [];
  for (let offset = 0; offset < content.length; ) {
    const { value, end } = readBase128(content, offset);
    if (offset === 0) {
      const first = Math.min(Math.floor(value / 40), 2);
      numbers.push(first, value - first * 40);
    } else numbers.push(value);
    offset = end;
  }
  return numbers.join(".");
}

function readBits(content: Buffer): Buffer {
  if (content.length === 0) throw syntax("zero length BIT STRING");
  const [padding = 0, last = 0] = [content[0], content.at(-1)];
  if (padding > 7 || (content.length === 1 && padding > 0) || (last & ((1 << padding) - 1)) !== 0) {
    throw syntax("invalid padding bits in BIT STRING");
  }
  const bytes = content.subarray(1);
  if (padding === 0) return bytes;
  return Buffer.from(
    bytes.map((byte, index) => (((bytes[index - 1] ?? 0) << (8 - padding)) | (byte >> padding)) & 0xff),
  );
}

function checkInteger(content: Buffer): void {
  const [first = 0, second = 0] = content;
  if (content.length === 0) throw structure("empty integer");
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw structure("integer not minimally-encoded");
  }
  if (content.length > 8) throw structure("integer too large");
}

function checkBoolean(content: Buffer): void {
  if (content.length !== 1) throw syntax("invalid boolean");
  if (content[0] !== 0 && content[0] !== 0xff) throw syntax("invalid boolean");
}

/** A value of whatever type its tag says; dates are not looked at. */
function checkPrimitive(tag: number, content: Buffer): void {
  const text = content.toString("latin1");
  const strings: Readonly<Record<number, readonly [string, RegExp]>> = {
    18: ["NumericString", /^[0-9 ]*$/],
    19: ["PrintableString", /^[A-Za-z0-9 '()+,\-./:=?*&]*$/],
    22: ["IA5String", /^[\0-\x7f]*$/],
  };
  const form = strings[tag];
  if (form && !form[1].test(text)) throw syntax(`${form[0]} contains invalid character`);
  if (tag === 1) checkBoolean(content);
  if (tag === 2) checkInteger(content);
  if (tag === 3) readBits(content);
  if (tag === 6) readOid(content);
  if (tag === 12 && !isUtf8(content)) throw new DerError("asn1: invalid UTF-8 string");
  if (tag === 30 && content.length % 2 !== 0) throw new DerError("invalid BMPString");
}
