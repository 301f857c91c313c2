// The server for whatever speaks the platform's own Request and Response.
import { type ApiAnswer, administrator } from "./request.ts";
import type { ApiServer } from "./serve.ts";

/** Answers a Request as the administrator; a watch is a body that goes on until it is cancelled. */
export async function fetchFrom(server: ApiServer, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const cancelled = new AbortController();
  const answer = await server.handle({
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
    user: administrator,
    signal: AbortSignal.any([request.signal, cancelled.signal]),
  });
  const { status, headers } = answer;
  return new Response(toBody(answer.body, cancelled), { status, headers });
}

function toBody(
  body: ApiAnswer["body"],
  cancelled: AbortController,
): string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> {
  if (typeof body === "string") return body;
  if (Buffer.isBuffer(body)) return new Uint8Array(body);
  const lines = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${value}\n`));
    },
    cancel() {
      cancelled.abort();
    },
  });
}
