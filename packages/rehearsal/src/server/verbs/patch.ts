import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { applyJsonMergePatch } from "../../fields/json-merge-patch.ts";
import { applyJsonPatch } from "../../fields/json-patch.ts";
import { applyStrategicMergePatch } from "../../fields/strategic-merge-patch.ts";
import { checkName, checkObject, describeSyntax } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject, schemaOf } from "../object-rules.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, unsupportedMediaType } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { apply } from "./apply.ts";
import { answerObject } from "./get.ts";

const applyPatchType = "application/apply-patch+yaml";

const accepted = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  applyPatchType,
];

/** PATCH of an object or of its status, in any of the notations. */
export async function patch(context: RequestContext): Promise<ApiAnswer> {
  if (mediaTypeOf(context) === applyPatchType) return apply(context);
  const write = parseWriteOptions(context);
  requireName(context.info);
  const options = admissionOptions("PatchOptions", context);
  const build = async (live: KubernetesObject) => {
    const patched = checkObject(context, await applyPatch(context, live));
    checkName(patched, context.info);
    return recordWrite(context, live, decodeObject(context, patched, write), write.manager);
  };
  return answerObject(context, 200, await commitUpdate(context, build, { options, dryRun: write.dryRun }));
}

function mediaTypeOf({ request }: RequestContext): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
}

/** What the request's patch makes of an object. */
export async function applyPatch(context: RequestContext, live: KubernetesObject): Promise<Json> {
  const mediaType = mediaTypeOf(context);
  if (!accepted.includes(mediaType)) throw unsupportedPatch();
  const body = parsePatch(context.request.body);
  switch (mediaType) {
    case "application/json-patch+json":
      return applyJsonPatch(live, body);
    case "application/strategic-merge-patch+json":
      // Custom resources have no merge keys; the real server refuses the notation for them.
      if (context.type.custom) {
        throw unsupportedMediaType(accepted.filter((type) => !type.includes("strategic")));
      }
      return applyStrategicMergePatch(live, expectMap(body), schemaOf(context.type));
    default:
      return applyJsonMergePatch(live, expectMap(body));
  }
}

function unsupportedPatch(): StatusError {
  return new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

function parsePatch(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${describeSyntax(error)}`);
  }
}

function expectMap(body: Json) {
  if (!isJsonObject(body)) {
    const found = Array.isArray(body) ? "array" : typeof body;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return body;
}
