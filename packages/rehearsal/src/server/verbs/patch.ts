import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json } from "@slipway/yaml";
import { applyJsonMergePatch } from "../../fields/json-merge-patch.ts";
import { applyJsonPatch } from "../../fields/json-patch.ts";
import { checkObject, parseJson } from "../body.ts";
import { commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest, unsupportedMediaType } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

const accepted = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** PATCH of an object or of its status, in any of the three notations. */
export async function patch(context: RequestContext): Promise<ApiAnswer> {
  const { dryRun } = parseWriteOptions(context);
  requireName(context.info);
  const mediaType = (context.request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  const body = parseJson(context.request.body);
  const options = admissionOptions("PatchOptions", context);
  const build = (live: KubernetesObject) => checkObject(context, applyPatch(mediaType, live, body));
  return answerObject(context, 200, await commitUpdate(context, build, { options, dryRun }));
}

function applyPatch(mediaType: string, live: KubernetesObject, body: Json): Json {
  switch (mediaType) {
    case "application/merge-patch+json":
      return applyJsonMergePatch(live, expectMap(body));
    case "application/json-patch+json":
      return applyJsonPatch(live, body);
    default:
      throw unsupportedMediaType(accepted);
  }
}

function expectMap(body: Json) {
  if (!isJsonObject(body)) throw badRequest("the patch is not a JSON object");
  return body;
}
