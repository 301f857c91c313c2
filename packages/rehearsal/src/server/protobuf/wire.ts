// Protobuf's wire format (protobuf.dev/programming-guides/encoding), reading only.
import { badRequest } from "../status-errors.ts";

/** One field of a message as it came: a number, or bytes (strings, messages, fixed-width values). */
export interface ProtobufField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields of a message in their order; throws a StatusError 400 when the bytes are none. */
export function readMessage(body: Buffer): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;

  function readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = body[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw badRequest("malformed protobuf message: truncated number");
  }

  function readBytes(length: number): Buffer {
    if (length > body.length - at) throw badRequest("malformed protobuf message: truncated field");
    at += length;
    return body.subarray(at - length, at);
  }

  while (at < body.length) {
    const tag = Number(readVarint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, value: readVarint() });
        break;
      case 1:
        fields.push({ number, value: readBytes(8) });
        break;
      case 2:
        fields.push({ number, value: readBytes(Number(readVarint())) });
        break;
      case 5:
        fields.push({ number, value: readBytes(4) });
        break;
      default:
        throw badRequest("malformed protobuf message: unknown wire type");
    }
  }
  return fields;
}
