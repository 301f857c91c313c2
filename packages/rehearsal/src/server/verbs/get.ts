import type { KubernetesObject } from "@slipway/kubernetes";
import { storeKey } from "../../store/store.ts";
import { answerJson } from "../answers.ts";
import { asRead } from "../as-read.ts";
import type { RequestContext } from "../context.ts";
import { requireName } from "../context.ts";
import { oneFromStorage } from "../conversion.ts";
import { tooLarge } from "../list-options.ts";
import { negotiateForm } from "../negotiate.ts";
import { partialMetadata } from "../partial-metadata.ts";
import type { ApiAnswer } from "../request.ts";
import { notFound } from "../status-errors.ts";
import { renderTable } from "../tables/render.ts";

/** The object that the request's path names, in the request's version; 404 when it is not there. */
export async function readNamed(context: RequestContext): Promise<KubernetesObject> {
  const { server, info, type } = context;
  const name = requireName(info);
  const key = storeKey(type.namespaced ? info.namespace : undefined, name);
  const stored = server.store.get(type.collection, key);
  if (!stored) throw notFound(type, name);
  return oneFromStorage(server, type, stored);
}

/** GET of one object (or of its `status`, which shows the whole object). */
export async function get(context: RequestContext): Promise<ApiAnswer> {
  const { server, request } = context;
  const asked = Number(request.query.get("resourceVersion") ?? 0);
  if (asked > server.store.revision()) throw tooLarge(asked, server.store.revision());
  return answerObject(context, 200, await readNamed(context));
}

/** One object as its readers see it, in the form that the client asked for. */
export function answerObject(context: RequestContext, status: number, object: KubernetesObject): ApiAnswer {
  return answerStored(context, status, asRead(context, object));
}

/** One object as it is, in the form that the client asked for. */
export function answerStored(context: RequestContext, status: number, object: KubernetesObject): ApiAnswer {
  const { request, type, server, warnings } = context;
  switch (negotiateForm(request.headers.accept)) {
    case "table":
      return answerJson(
        status,
        renderTable(type, [object], { now: server.clock.now(), query: request.query }),
        warnings,
      );
    case "metadata":
      return answerJson(status, partialMetadata(object), warnings);
    default:
      return answerJson(status, object, warnings);
  }
}
