// OpenAPI as kubectl reads it: v3, an index and one document per group and version (KEP-2896), and v2, all in one.
import { createHash } from "node:crypto";
import { answerJson } from "../answers.ts";
import type { ServerContext } from "../context.ts";
import { parseAccept } from "../negotiate.ts";
import type { ServedType } from "../registry.ts";
import type { ApiAnswer, ApiRequest } from "../request.ts";
import { openApiDocument } from "./document.ts";
import { openApiV2Document } from "./document-v2.ts";
import { encodeOpenApiV2 } from "./encode-v2.ts";

/** Answers `/openapi/v2`, `/openapi/v3` and the documents below; undefined for any other path. */
export function answerOpenApi(server: ServerContext, request: ApiRequest): ApiAnswer | undefined {
  if (request.method !== "GET") return undefined;
  if (request.path === "/openapi/v2") return answerVersion2(server, request);
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

const protobufType = "application/com.github.proto-openapi.spec.v2";

function answerVersion2(server: ServerContext, request: ApiRequest): ApiAnswer {
  const document = openApiV2Document([...groupVersions(server).values()].map(openApiDocument));
  const wantsProtobuf = parseAccept(request.headers.accept).some(({ type }) => type.startsWith(protobufType));
  if (!wantsProtobuf) return answerJson(200, document);
  const headers = { "content-type": `${protobufType}.v1.0+protobuf` };
  return { status: 200, headers, body: encodeOpenApiV2(document) };
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
