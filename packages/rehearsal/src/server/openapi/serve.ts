// OpenAPI v3 as kubectl reads it: an index, and one document per group and version (KEP-2896).
import { createHash } from "node:crypto";
import { answerJson } from "../answers.ts";
import type { ServerContext } from "../context.ts";
import type { ServedType } from "../registry.ts";
import type { ApiAnswer, ApiRequest } from "../request.ts";
import { openApiDocument } from "./document.ts";

/** Answers `/openapi/v3` and the documents below; undefined for any other path (v2 is not served). */
export function answerOpenApi(server: ServerContext, request: ApiRequest): ApiAnswer | undefined {
  if (request.method !== "GET") return undefined;
  const match = /^\/openapi\/v3(?:\/(.+))?$/.exec(request.path);
  if (!match) return undefined;
  const groups = groupVersions(server);
  const [, wanted] = match;
  if (wanted === undefined) {
    const entries = [...groups].map(([path, types]) => [
      path,
      { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(types)}` },
    ]);
    return answerJson(200, { paths: Object.fromEntries(entries) });
  }
  const types = groups.get(wanted);
  return types && answerJson(200, openApiDocument(types));
}

/** The served types by the path of their group and version: `api/v1`, `apis/apps/v1`. */
function groupVersions(server: ServerContext): Map<string, ServedType[]> {
  const groups = new Map<string, ServedType[]>();
  for (const type of server.registry.all()) {
    const path = type.group === "" ? `api/${type.version}` : `apis/${type.group}/${type.version}`;
    const types = groups.get(path);
    if (types) types.push(type);
    else groups.set(path, [type]);
  }
  return groups;
}

/** Changes when a definition does, so that clients may keep a document for as long as its address is the same. */
function hashOf(types: readonly ServedType[]): string {
  const parts = types.map(({ resource, custom }) => {
    const { uid, generation } = custom?.object.metadata ?? {};
    return `${resource}/${uid ?? ""}/${generation ?? ""}`;
  });
  return createHash("sha256").update(parts.join()).digest("hex").slice(0, 32).toUpperCase();
}
