// Requests straight into the server: no socket, no event loop, only promises.
import type { HttpRequest, HttpResponse, Transport } from "@slipway/kubernetes";
import type { ApiAnswer, UserInfo } from "./request.ts";
import type { ApiServer } from "./serve.ts";

/** A transport that hands requests to the server as the given user. */
export function createLocalTransport(server: ApiServer, user: UserInfo): Transport {
  return async (request) => {
    request.signal?.throwIfAborted();
    return toResponse(await server.handle(toApiRequest(request, user)));
  };
}

function toApiRequest({ method, path, headers, body, signal }: HttpRequest, user: UserInfo) {
  const [pathname = "", search = ""] = path.split("?", 2);
  return {
    method,
    path: pathname,
    query: new URLSearchParams(search),
    headers: inLowerCase(headers ?? {}),
    body: body ?? "",
    user,
    signal,
  };
}

function inLowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function toResponse({ status, headers, body: whole }: ApiAnswer): HttpResponse {
  const body = Buffer.isBuffer(whole) ? whole.toString() : whole;
  return {
    status,
    headers,
    async text() {
      if (typeof body === "string") return body;
      let text = "";
      for await (const line of body) text += `${line}\n`;
      return text;
    },
    async *lines() {
      if (typeof body === "string") yield* body.split("\n").filter((line) => line !== "");
      else yield* body;
    },
  };
}
