import type { KubernetesObject } from "@slipway/kubernetes";
import { answerJson, answerList } from "../answers.ts";
import { asRead } from "../as-read.ts";
import type { RequestContext } from "../context.ts";
import { fromStorage } from "../conversion.ts";
import { checkListOptions, formatContinue, parseContinue, parseNumber, tooLarge } from "../list-options.ts";
import { negotiateForm } from "../negotiate.ts";
import { partialMetadata } from "../partial-metadata.ts";
import { apiVersionOf } from "../registry.ts";
import type { ApiAnswer } from "../request.ts";
import { selectionOf } from "../selection.ts";
import { renderTable } from "../tables/render.ts";

/** Part of a collection, and what its list says of itself. */
export interface Page {
  readonly objects: readonly KubernetesObject[];
  readonly metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
}

/** What a request's selectors and limit cover of a collection, as stored; every page of the same revision. */
export function selectPage(context: RequestContext): Page {
  const { server, request, type } = context;
  const { query } = request;
  const limit = parseNumber(query, "limit");
  const token = parseContinue(query.get("continue"));
  checkListOptions(query);
  const asked = Math.max(Number(query.get("resourceVersion") ?? 0), token?.rv ?? 0);
  if (asked > server.store.revision()) throw tooLarge(asked, server.store.revision());
  const exact = query.get("resourceVersionMatch") === "Exact" ? asked : 0;
  const snapshot = server.store.snapshot(
    type.collection,
    // A token may ask for the newest.
    token === undefined ? exact || undefined : token.rv < 0 ? undefined : token.rv,
  );
  const selected = selectionOf(context);

  const page: (typeof snapshot.entries)[number][] = [];
  let remaining = 0;
  for (const entry of snapshot.entries) {
    if (token && entry[0] <= token.start) continue;
    if (!selected.covers(entry[1])) continue;
    if (limit > 0 && page.length >= limit) remaining++;
    else page.push(entry);
  }
  const metadata: Page["metadata"] = { resourceVersion: String(snapshot.revision) };
  const last = page.at(-1);
  if (remaining > 0 && last) {
    metadata.continue = formatContinue({ v: "meta.k8s.io/v1", rv: snapshot.revision, start: last[0] });
    // With a selector the real server does not know how many are left.
    if (!selected.narrowed) metadata.remainingItemCount = remaining;
  }
  return { objects: page.map(([, object]) => object), metadata };
}

/** A list: selected, page by page if asked. */
export async function list(context: RequestContext): Promise<ApiAnswer> {
  const { server, request, type, warnings } = context;
  const { query } = request;
  const { objects: stored, metadata } = selectPage(context);
  const objects = (await fromStorage(server, type, stored)).map((object) => asRead(context, object));
  switch (negotiateForm(request.headers.accept)) {
    case "table":
      return answerJson(
        200,
        renderTable(type, objects, { now: server.clock.now(), query, metadata }),
        warnings,
      );
    case "metadata":
      return answerList(
        { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadataList", metadata },
        objects.map(partialMetadata),
        warnings,
      );
    default:
      return answerList(
        { apiVersion: apiVersionOf(type), kind: `${type.kind}List`, metadata },
        objects,
        warnings,
      );
  }
}
