import type { RequestContext } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest, methodNotAllowed, noSuchResource, notFound } from "../status-errors.ts";
import { binding } from "./binding.ts";
import { eviction } from "./eviction.ts";
import { finalize } from "./finalize.ts";
import { log } from "./log.ts";
import { scale } from "./scale.ts";
import { token } from "./token.ts";

type Handler = (context: RequestContext) => Promise<ApiAnswer>;

/** Subresources with a meaning of their own, by collection and name. */
const handlers: Readonly<Record<string, Handler>> = {
  "/pods/binding": binding,
  "/pods/eviction": eviction,
  "/pods/log": log,
  "/namespaces/finalize": finalize,
  "/serviceaccounts/token": token,
};

/** Subresources that a kubelet or a running process answers on a real cluster. */
const needsContainer: ReadonlySet<string> = new Set(["attach", "exec", "portforward", "proxy"]);

/** Serves a subresource other than `status`. */
export async function serveSubresource(context: RequestContext): Promise<ApiAnswer> {
  const { type, info } = context;
  const subresource = type.subresources.find(({ name }) => name === info.subresource);
  if (!subresource) throw type.custom ? notFound(type, info.name ?? "") : noSuchResource();
  if (needsContainer.has(subresource.name)) {
    throw badRequest(`${type.kind} is simulated: there is no process to ${subresource.name}`);
  }
  const handler = subresource.name === "scale" ? scale : handlers[`${type.collection}/${subresource.name}`];
  if (!handler || !subresource.verbs.includes(info.verb)) throw methodNotAllowed();
  return handler(context);
}
