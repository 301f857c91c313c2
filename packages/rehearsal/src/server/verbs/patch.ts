import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { inGoOrder } from "../../builtin/go-order.ts";
import { inKeyOrder } from "../../builtin/key-order.ts";
import { formatGo } from "../../fields/format-go.ts";
import { applyJsonMergePatch } from "../../fields/json-merge-patch.ts";
import { applyJsonPatch } from "../../fields/json-patch.ts";
import { applyStrategicMergePatch } from "../../fields/strategic-merge-patch.ts";
import { checkName, checkNamespace, checkObject, describeSyntax } from "../body.ts";
import { type Build, commitUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import { recordWrite } from "../manage.ts";
import { decodeObject, schemaOf } from "../object-rules.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, invalid, unsupportedMediaType } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions, type WriteOptions } from "../write-options.ts";
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
  if (isApply(context)) return apply(context);
  checkMediaType(context);
  const write = parseWriteOptions(context);
  requireName(context.info);
  const options = admissionOptions("UpdateOptions", context);
  const build = buildPatched(context, write);
  return answerObject(context, 200, await commitUpdate(context, build, { options, dryRun: write.dryRun }));
}

/** Whether the body is an applied configuration and not a patch. */
export function isApply(context: RequestContext): boolean {
  return mediaTypeOf(context) === applyPatchType;
}

/** What the request's patch makes of an object, and who owns what of it then. */
export function buildPatched(context: RequestContext, write: WriteOptions): Build {
  return async (live) => {
    const patched = await applyPatch(context, live);
    const decoded = decodePatched(context, patched, write);
    checkNamespace(decoded, context);
    checkName(decoded, context.info);
    return recordWrite(context, live, decoded, write.manager);
  };
}

/** The patched object; what it cannot be read for is blamed on the patch. */
function decodePatched(context: RequestContext, patched: Json, write: WriteOptions): KubernetesObject {
  const isStrategic = mediaTypeOf(context).includes("strategic");
  try {
    const source = isStrategic ? "unstructured" : "json";
    return decodeObject(context, checkObject(context, patched), write, { source });
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    const text = error.message.replace(/^.* cannot be handled as a \S+: /, "");
    const value = isStrategic
      ? formatGo(parsePatch(context))
      : JSON.stringify(context.type.custom ? inKeyOrder(patched) : inServerOrder(patched));
    throw invalid({ group: "", kind: "" }, "", [invalidValue("patch", value, text)]);
  }
}

const metadataOrder = ["name", "generateName", "namespace", "uid", "resourceVersion", "generation"];

/** A patched object as the real server prints it: keys sorted, metadata in its own order and without owners. */
function inServerOrder(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const sorted = Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (!isJsonObject(sorted.metadata)) return sorted;
  const { managedFields: _, ...metadata } = sorted.metadata;
  const rank = (key: string) => metadataOrder.indexOf(key) + 1 || metadataOrder.length + 1;
  const ordered = Object.entries(metadata).sort(([a], [b]) => rank(a) - rank(b));
  return { ...sorted, metadata: Object.fromEntries(ordered) };
}

function mediaTypeOf({ request }: RequestContext): string {
  return (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
}

/** What the request's patch makes of an object. */
export async function applyPatch(context: RequestContext, live: KubernetesObject): Promise<Json> {
  const mediaType = mediaTypeOf(context);
  const body = parsePatch(context);
  switch (mediaType) {
    case "application/json-patch+json":
      return applyJsonPatch(copiesWithin(body) ? inWrittenOrder(context, live) : live, body, {
        unescaped: /[<>&]/.test(context.request.body),
      });
    case "application/strategic-merge-patch+json":
      return applyStrategicMergePatch(live, expectMap(body, ""), schemaOf(context.type));
    default:
      // The real server's library writes what it merged with sorted keys, in which order it is then read.
      return inKeyOrder(applyJsonMergePatch(live, expectMap(body)));
  }
}

/** Whether a JSON patch takes parts of the object elsewhere, where the order of their fields shows. */
function copiesWithin(patch: Json): boolean {
  return (
    Array.isArray(patch) && patch.some((one) => isJsonObject(one) && /^(copy|move)$/.test(String(one.op)))
  );
}

function inWrittenOrder({ type }: RequestContext, live: KubernetesObject): JsonObject {
  return (type.custom ? inKeyOrder(live) : inGoOrder(live, schemaOf(type))) as JsonObject;
}

/** Custom resources have no merge keys; the real server refuses the notation for them. */
export function checkMediaType(context: RequestContext): void {
  const mediaType = mediaTypeOf(context);
  if (!accepted.includes(mediaType)) throw unsupportedPatch();
  if (context.type.custom && mediaType.includes("strategic")) {
    throw unsupportedMediaType(accepted.filter((type) => !type.includes("strategic")));
  }
}

function unsupportedPatch(): StatusError {
  return new StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** Only other patches than strategic ones are blamed in so many words. */
const blame = "error decoding patch: ";

function parsePatch({ request }: RequestContext): Json {
  try {
    return JSON.parse(request.body);
  } catch (error) {
    throw badRequest(`${blame}${describeSyntax(error, request.body)}`);
  }
}

function expectMap(body: Json, prefix = blame) {
  if (!isJsonObject(body)) {
    const found = Array.isArray(body) ? "array" : typeof body;
    throw badRequest(
      `${prefix}json: cannot unmarshal ${found} into Go value of type map[string]interface {}`,
    );
  }
  return body;
}
