import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { methodNotAllowed, noSuchResource, notFound } from "../status-errors.ts";
import { binding } from "./binding.ts";
import { eviction } from "./eviction.ts";
import { finalize } from "./finalize.ts";
import { log } from "./log.ts";
import { approval, ephemeralContainers } from "./part.ts";
import { proxy } from "./proxy.ts";
import { scale } from "./scale.ts";
import { stream } from "./stream.ts";
import { token } from "./token.ts";

type Handler = (context: RequestContext) => Promise<ApiAnswer>;

/** Subresources with a meaning of their own, by collection and name. */
const handlers: Readonly<Record<string, Handler>> = {
  "/pods/binding": binding,
  "/pods/eviction": eviction,
  "/pods/log": log,
  "/pods/attach": stream,
  "/pods/ephemeralcontainers": ephemeralContainers,
  "/pods/exec": stream,
  "/pods/portforward": stream,
  "certificates.k8s.io/certificatesigningrequests/approval": approval,
  "/namespaces/finalize": finalize,
  "/serviceaccounts/token": token,
};

/** The same for every kind that has it. */
const everywhere: Readonly<Record<string, Handler>> = { proxy, scale };

/** Serves a subresource other than `status`. */
export async function serveSubresource(context: RequestContext): Promise<ApiAnswer> {
  const { type, info } = context;
  const subresource = type.subresources.find(({ name }) => name === info.subresource);
  if (!subresource) throw type.custom ? notFound(type, info.name ?? "") : noSuchResource();
  const handler = everywhere[subresource.name] ?? handlers[`${type.collection}/${subresource.name}`];
  if (!handler || !subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  return handler(context);
}
