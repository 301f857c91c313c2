import { readFileSync } from "node:fs";
import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../clock.ts";
import type { HttpResponse, Transport } from "../transport.ts";
import type { ClusterAccess } from "./cluster-access.ts";
import type { ExecCredential } from "./exec-credentials.ts";

/** An open way to a cluster. */
export interface Connection {
  readonly transport: Transport;
  /** Closes its sockets; requests under way are broken off. */
  close(): Promise<void>;
}

/** Tokens on disk are rotated (bound service account tokens); a minute old is fresh enough, as in client-go. */
const tokenFileMs = 60_000;
/** A plugin's credential is renewed a little before it expires. */
const renewalMs = 30_000;

/**
 * A transport to a cluster over undici: keep-alive, the context's CA and client certificate, bearer tokens from
 * text, file or plugin. When the server answers 401, a plugin is asked once more and the request repeated.
 */
export async function connect(
  access: ClusterAccess,
  options: { readonly clock?: Clock } = {},
): Promise<Connection> {
  const { Agent, ProxyAgent, request } = await import("undici");
  const clock = options.clock ?? systemClock;
  const { credentials } = access;
  let credential: Promise<ExecCredential> | undefined;
  let tokenRead = { at: Number.NEGATIVE_INFINITY, token: "" };
  let dispatcher: { readonly certificate: string | undefined; readonly agent: Dispatcher } | undefined;

  const currentCredential = async (): Promise<ExecCredential> => {
    if (!credentials.exec) return {};
    const asked = credential;
    const held = await asked;
    const expired = held?.expiresAt !== undefined && clock.now() > held.expiresAt - renewalMs;
    // Another request may have asked for a new one meanwhile.
    if (credential === asked && (!held || expired)) {
      const { exec } = credentials;
      credential = import("./exec-credentials.ts").then(({ runExecPlugin }) => runExecPlugin(exec, access));
      credential.catch(() => {
        credential = undefined;
      });
    }
    return (await credential) ?? {};
  };
  const tokenFromFile = (file: string): string => {
    if (clock.now() - tokenRead.at > tokenFileMs)
      tokenRead = { at: clock.now(), token: readFileSync(file, "utf8").trim() };
    return tokenRead.token;
  };
  const authorization = ({ token }: ExecCredential): string | undefined => {
    const bearer =
      token ?? (credentials.tokenFile ? tokenFromFile(credentials.tokenFile) : credentials.token);
    if (bearer) return `Bearer ${bearer}`;
    if (credentials.username === undefined) return undefined;
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password ?? ""}`).toString("base64")}`;
  };
  /** A certificate belongs to a connection, so a renewed one needs a new pool. */
  const agentFor = (held: ExecCredential): Dispatcher => {
    const certificate = held.clientCertificate ?? credentials.clientCertificate;
    if (dispatcher?.certificate === certificate && dispatcher) return dispatcher.agent;
    const tls = {
      ...(access.certificateAuthority ? { ca: access.certificateAuthority } : {}),
      ...(certificate ? { cert: certificate, key: held.clientKey ?? credentials.clientKey } : {}),
      ...(access.tlsServerName ? { servername: access.tlsServerName } : {}),
      ...(access.insecureSkipTlsVerify ? { rejectUnauthorized: false } : {}),
    };
    // A watch may be silent for as long as the server likes; requests end through their signal.
    const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
    const agent = access.proxyUrl
      ? new ProxyAgent({ uri: access.proxyUrl, requestTls: tls, ...timeouts })
      : new Agent({ connect: { ...tls, timeout: 15_000 }, ...timeouts });
    dispatcher = { certificate, agent };
    return agent;
  };

  const transport: Transport = async (sent) => {
    const once = async () => {
      const held = await currentCredential();
      const header = authorization(held);
      return request(access.server + sent.path, {
        method: sent.method,
        headers: { ...sent.headers, ...(header ? { authorization: header } : {}) },
        dispatcher: agentFor(held),
        ...(sent.body === undefined ? {} : { body: sent.body }),
        ...(sent.signal ? { signal: sent.signal } : {}),
      });
    };
    let answer = await once();
    if (answer.statusCode === 401 && credentials.exec) {
      await answer.body.dump();
      credential = undefined;
      answer = await once();
    }
    return toResponse(answer);
  };
  return {
    transport,
    close: async () => {
      await dispatcher?.agent.destroy();
    },
  };
}

function toResponse(answer: Dispatcher.ResponseData): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    status: answer.statusCode,
    headers,
    text: () => answer.body.text(),
    lines: () => splitLines(answer.body),
  };
}

/** The lines of a stream of bytes, without their ends; what follows the last end counts as a line too. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      parts.push(text.slice(start, end));
      yield parts.join("");
      parts = [];
      start = end + 1;
    }
    if (start < text.length) parts.push(text.slice(start));
  }
  const rest = parts.join("") + decoder.decode();
  if (rest !== "") yield rest;
}
