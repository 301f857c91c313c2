// The embedded API server over HTTPS, for kubectl and everything else that speaks to a socket.
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { systemClock } from "@slipway/kubernetes";
import { issueCertificate, type KeyedCertificate } from "./pki/certificate.ts";
import { refuseStream } from "./refuse-stream.ts";
import { decodeProtobuf } from "./server/protobuf/decode.ts";
import { type ApiAnswer, type ApiRequest, administrator, type UserInfo } from "./server/request.ts";
import type { ApiServer } from "./server/serve.ts";
import { StatusError } from "./server/status-error.ts";

/** A server that listens, and what a client needs to speak to it. */
export interface Listener {
  readonly url: string;
  readonly port: number;
  /** The bearer token of the administrator; whoever does not send it is refused with 401. */
  readonly token: string;
  /** The certificate authority (PEM) that vouches for the server. */
  readonly authority: string;
  /** Ends all connections, open watches included. */
  close(): Promise<void>;
}

const HOUR = 3_600_000;

/** The largest body that is read, as on the real server (3 MiB). */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/**
 * Serves on the loopback address. Rejects with the socket's error when the port is taken. It speaks TLS because
 * kubectl sends no token without; the server's certificate is made for this run and kept nowhere.
 */
export async function listenOnLoopback(
  server: ApiServer,
  { port, authority }: { readonly port: number; readonly authority: KeyedCertificate },
): Promise<Listener> {
  const token = randomBytes(24).toString("base64url");
  const serving = issueServingCertificate(authority);
  const http = createServer({ key: serving.key, cert: serving.certificate }, (message, response) => {
    void answer(server, token, message, response);
  });
  const upgraded = new Set<Duplex>();
  http.on("upgrade", (message: IncomingMessage, socket: Duplex) => {
    upgraded.add(socket);
    socket.on("close", () => upgraded.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.destroy());
    socket.resume();
    void answerUpgrade(server, token, message, socket);
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", resolve);
  });
  const address = http.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${address.port}`,
    port: address.port,
    token,
    authority: authority.certificate,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function issueServingCertificate(issuer: KeyedCertificate): KeyedCertificate {
  const now = systemClock.now();
  return issueCertificate({
    commonName: "kube-apiserver",
    dnsNames: ["127.0.0.1", "localhost", "kubernetes", "kubernetes.default.svc"],
    notBefore: now - HOUR,
    notAfter: now + 365 * 24 * HOUR,
    random: () => randomBytes(4).readUInt32BE() / 2 ** 32,
    issuer,
  });
}

async function answer(
  server: ApiServer,
  token: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const user = authenticate(message, token);
    const request = toApiRequest(message, await readBody(message), user, gone.signal);
    await send(await server.handle(request), response, gone.signal);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else await send(refusal(error), response, gone.signal);
  }
}

async function answerUpgrade(
  server: ApiServer,
  token: string,
  message: IncomingMessage,
  socket: Duplex,
): Promise<void> {
  const read = async (): Promise<ApiAnswer> => {
    const user = authenticate(message, token);
    return server.handle(toApiRequest(message, Buffer.alloc(0), user, undefined));
  };
  refuseStream(await read().catch(refusal), message, socket);
}

function refusal(error: unknown): ApiAnswer {
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(500, "InternalError", "the request could not be read");
  return {
    status: status.code,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(status.toStatus()),
  };
}

/** The administrator, by token. */
function authenticate({ headers }: IncomingMessage, token: string): UserInfo {
  const sent = Buffer.from(/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "");
  const expected = Buffer.from(token);
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) {
    throw new StatusError(401, "Unauthorized", "Unauthorized");
  }
  return administrator;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    // Read to its end all the same: an answer in the middle of a body breaks the connection.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) {
    const text = `Request entity too large: limit is ${MAX_BODY_BYTES}`;
    throw new StatusError(413, "RequestEntityTooLarge", text);
  }
  return Buffer.concat(chunks);
}

function toApiRequest(
  message: IncomingMessage,
  body: Buffer,
  user: UserInfo,
  signal: AbortSignal | undefined,
): ApiRequest {
  const url = new URL(message.url ?? "/", "http://127.0.0.1");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  // Inside, everything is JSON: kubectl's protobuf is read where it comes in.
  const isProtobuf = headers["content-type"] === "application/vnd.kubernetes.protobuf";
  if (isProtobuf) headers["content-type"] = "application/json";
  return {
    method: message.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: isProtobuf && body.length > 0 ? JSON.stringify(decodeProtobuf(body)) : body.toString(),
    user,
    signal,
  };
}

async function send(answer: ApiAnswer, response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.writeHead(answer.status, answer.headers);
  if (typeof answer.body === "string" || Buffer.isBuffer(answer.body)) {
    response.end(answer.body);
    return;
  }
  // A watch's client waits for the headers before the first event comes.
  response.flushHeaders();
  for await (const line of answer.body) {
    if (signal.aborted) return;
    if (!response.write(`${line}\n`)) await drained(response, signal);
  }
  response.end();
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    response.once("drain", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
