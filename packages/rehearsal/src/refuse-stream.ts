// Requests that want to switch protocols: none ever does here, but the refusal may come after the switch.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiAnswer } from "./server/request.ts";

const ERROR_CHANNEL = 3;
const BINARY_FRAME = 0x82;
const CLOSE_FRAME = 0x88;
const NORMAL_CLOSURE = 1000;

/**
 * Writes the answer to a request with an `Upgrade` header. A 101 opens a WebSocket (RFC 6455), puts its body on the
 * error channel of Kubernetes' stream protocol and closes; anything else is written as plain HTTP.
 */
export function refuseStream(answer: ApiAnswer, message: IncomingMessage, socket: Duplex): void {
  const body = Buffer.from(typeof answer.body === "string" ? answer.body : "");
  if (answer.status !== 101) {
    const headers = { ...answer.headers, "content-length": String(body.length), connection: "close" };
    socket.end(Buffer.concat([head(answer.status, headers), body]));
    return;
  }
  const accept = createHash("sha1")
    .update(`${message.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  const headers = { ...answer.headers, upgrade: "websocket", connection: "Upgrade" };
  socket.write(head(101, { ...headers, "sec-websocket-accept": accept }));
  socket.write(frame(BINARY_FRAME, Buffer.concat([Buffer.of(ERROR_CHANNEL), body])));
  const code = Buffer.alloc(2);
  code.writeUInt16BE(NORMAL_CLOSURE);
  socket.end(frame(CLOSE_FRAME, code));
}

function head(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`HTTP/1.1 ${status} \r\n${lines.join("")}\r\n`);
}

/** A whole, unmasked frame of less than 64 KiB. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const start = length < 126 ? [opcode, length] : [opcode, 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(start), payload]);
}
