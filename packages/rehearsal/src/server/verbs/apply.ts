import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type JsonObject } from "@slipway/yaml";
import { applyConfiguration } from "../../fields/manage-fields.ts";
import { storeKey } from "../../store/store.ts";
import { checkName, checkNamespace, checkObject, parseJson, parseYaml } from "../body.ts";
import { commitCreate, commitUpdate, createsByUpdate } from "../commit.ts";
import { type RequestContext, requireName } from "../context.ts";
import { fieldManagement } from "../manage.ts";
import { decodeObject } from "../object-rules.ts";
import { apiVersionOf } from "../registry.ts";
import { type ApiAnswer, isTrue } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { badRequest, conflict, notFound } from "../status-errors.ts";
import { admissionOptions, parseWriteOptions, type WriteOptions } from "../write-options.ts";
import { answerObject } from "./get.ts";

/** How often an apply that creates is made anew because somebody else created or deleted the object. */
const MAX_ATTEMPTS = 5;

/** Server-side apply (KEP-555): creates the object, or merges what the manager wants into it. */
export async function apply(context: RequestContext): Promise<ApiAnswer> {
  const { server, type, info } = context;
  const name = requireName(info);
  const write = parseWriteOptions(context);
  const applied = readApplied(context);
  const merge = mergeApplied(context, applied, write);
  const commitAs = (kind: "CreateOptions" | "UpdateOptions") => ({
    options: admissionOptions(kind, context),
    dryRun: write.dryRun,
  });

  const key = storeKey(type.namespaced ? info.namespace : undefined, name);
  for (let attempt = 1; ; attempt++) {
    const exists = server.store.get(type.collection, key) !== undefined;
    try {
      if (exists)
        return answerObject(context, 200, await commitUpdate(context, merge, commitAs("UpdateOptions")));
      if (info.subresource && !createsByUpdate(context)) throw notFound(type, name);
      const merged = merge(undefined);
      const { uid } = applied.metadata;
      if (uid) {
        const cause = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
        throw conflict(type, name, cause);
      }
      const commit = { ...commitAs("CreateOptions"), build: (named: KubernetesObject) => named };
      return answerObject(context, 201, await commitCreate(context, merged, commit));
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isRace(error, exists)) throw error;
    }
  }
}

/** The configuration in the request's body; refused where it is not of the type that the path names. */
export function readApplied(context: RequestContext): KubernetesObject {
  return checkTyped(context, parseApplied(context.request.body));
}

/** What an apply makes of the object that is there, or of none. */
export function mergeApplied(
  context: RequestContext,
  applied: KubernetesObject,
  write: WriteOptions,
): (live: KubernetesObject | undefined) => KubernetesObject {
  const force = isTrue(context.request.query.get("force"));
  const management = { ...fieldManagement(context, write.manager), force };
  // What a custom kind's schema does not know is left out without a word, and so are times that are none.
  const { custom } = context.type;
  const reading = custom ? ({ fieldValidation: "Ignore" } as const) : write;
  if (custom) dropUnreadableTimes(applied.metadata);
  return (live) => {
    const merged = convertApplied(context, applied, () =>
      decodeObject(context, applyConfiguration(live, applied, management), reading, {
        source: "unstructured",
      }),
    );
    checkNamespace(merged, context);
    checkName(merged, context.info);
    return merged;
  };
}

function dropUnreadableTimes(metadata: KubernetesObject["metadata"]): void {
  for (const field of ["creationTimestamp", "deletionTimestamp"] as const) {
    if (Number.isNaN(Date.parse(String(metadata[field] ?? "2000-01-01")))) delete metadata[field];
  }
}

/** What the merged object cannot be read for is told by the converter of unstructured objects, not by a decoder. */
function convertApplied(
  { type }: RequestContext,
  { metadata, apiVersion, kind }: KubernetesObject,
  decode: () => KubernetesObject,
): KubernetesObject {
  try {
    return decode();
  } catch (error) {
    if (type.custom || !(error instanceof StatusError) || error.code !== 400) throw error;
    const reason = /^.* cannot be handled as a \S+: (.*)$/s.exec(error.message)?.[1];
    if (reason === undefined || reason.startsWith("strict decoding error")) throw error;
    const versioned = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
    const what = `${versioned}, Kind=${kind}`;
    const place = `${metadata.namespace ?? ""}/${metadata.name}`;
    throw new StatusError(
      500,
      "",
      `failed to convert new object (${place}; ${what}) to proper version: unable to convert unstructured object to ${what}: ${reason}`,
    );
  }
}

/** Whether the object came, or went, while the apply was on its way. */
function isRace(error: unknown, existed: boolean): boolean {
  if (!(error instanceof StatusError)) return false;
  return existed ? error.code === 404 : error.reason === "AlreadyExists";
}

/** The media type says YAML, of which JSON is a part; clients mostly send the latter. */
function parseApplied(body: string): JsonObject {
  const value = /^\s*\{/.test(body) ? parseJson(body) : parseYaml(body);
  if (!isJsonObject(value)) throw badRequest("the applied configuration is not an object");
  return value;
}

/** Applied configurations say what they are; other bodies may leave it to the path. */
function checkTyped(context: RequestContext, value: JsonObject): KubernetesObject {
  const { apiVersion, kind } = value;
  const { type } = context;
  if (apiVersion === apiVersionOf(type) && kind === type.kind) return checkObject(context, value);
  const [version = "", group = ""] = String(apiVersion ?? "")
    .split("/")
    .reverse();
  throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind ?? ""}`);
}
