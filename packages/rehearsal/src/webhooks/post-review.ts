// A webhook server that is a process of this machine, called over its socket.
import { request as httpsRequest } from "node:https";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { Clock } from "@slipway/kubernetes";
import type { JsonObject } from "@slipway/yaml";
import { verifyChain } from "../pki/verify-chain.ts";
import { readReview } from "./read-review.ts";

/** What is sent where, and how long an answer may take. */
export interface PostedReview {
  readonly url: string;
  /** PEM of whom the server's certificate must come from. */
  readonly caBundle: string;
  readonly review: JsonObject;
  readonly timeoutMs: number;
  /** The machine's clock: a process keeps no simulated time. */
  readonly clock: Clock;
}

/** Why no answer came, in the words of Go's net and crypto/tls. */
export class CallError extends Error {}

/** True for an address that only processes of this machine can have: nothing beyond it is ever called. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * Posts a review as the API server's client does and returns the answered one.
 * @throws CallError when there is no trusted connection or no answer in time; Error for an answer that is no review
 */
export async function postReview(posted: PostedReview): Promise<JsonObject> {
  const { review, timeoutMs, clock } = posted;
  const ending = new AbortController();
  const cancel = clock.schedule(timeoutMs, () => ending.abort());
  try {
    return readReview(await send(posted, ending.signal), review);
  } catch (error) {
    if (ending.signal.aborted) throw new CallError("context deadline exceeded", { cause: error });
    throw error;
  } finally {
    cancel();
  }
}

interface Reply {
  readonly code: number;
  readonly contentType: string;
  readonly text: string;
}

function send({ url, caBundle, review, clock }: PostedReview, signal: AbortSignal): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      url,
      {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json, */*" },
        // Node's own check has other words; nothing is sent before the one below.
        rejectUnauthorized: false,
        agent: false,
        signal,
      },
      async (response) => {
        try {
          let text = "";
          response.setEncoding("utf8");
          for await (const chunk of response) text += chunk;
          const contentType = response.headers["content-type"] ?? "";
          resolve({ code: response.statusCode ?? 0, contentType, text });
        } catch (error) {
          reject(error);
        }
      },
    );
    request.on("error", (error: NodeJS.ErrnoException) => {
      const refused = error.code === "ECONNREFUSED" || error.name === "AggregateError";
      const address = `${hostname === "localhost" ? "[::1]" : hostname}:${port || 443}`;
      reject(
        error instanceof CallError
          ? error
          : new CallError(refused ? `dial tcp ${address}: connect: connection refused` : error.message),
      );
    });
    request.on("socket", (socket) => {
      socket.once("secureConnect", () => {
        const certificate = pemOf((socket as TLSSocket).getPeerCertificate(true));
        const refused = verifyChain({ certificate, caBundle, dnsName: hostname, now: clock.now() });
        if (refused) request.destroy(new CallError(`tls: failed to verify certificate: ${refused}`));
        else request.end(JSON.stringify(review));
      });
    });
  });
}

/** The certificates that the server sent, leaf first. */
function pemOf(leaf: DetailedPeerCertificate): string {
  const texts: string[] = [];
  let current: DetailedPeerCertificate | undefined = leaf;
  for (; current?.raw; current = current.issuerCertificate) {
    const base64 = current.raw.toString("base64");
    const text = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
    if (texts.includes(text)) break;
    texts.push(text);
  }
  return texts.join("");
}
