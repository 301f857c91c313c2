import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import { objectAt } from "../../admission/read-json.ts";
import { parentOwners, scaleOwners } from "../../fields/scale-owners.ts";
import { answerJson } from "../answers.ts";
import { type AdmissionView, type Build, commitUpdate } from "../commit.ts";
import type { RequestContext } from "../context.ts";
import { recordWrite } from "../manage.ts";
import { apiVersionOf, type ServedType } from "../registry.ts";
import type { ApiAnswer } from "../request.ts";
import { StatusError } from "../status-error.ts";
import { conflict, invalid } from "../status-errors.ts";
import { validateMetadata } from "../validation/metadata.ts";
import { notNegative } from "../validation/numbers.ts";
import { mergeApplied, readApplied } from "../verbs/apply.ts";
import { answerObject, readNamed } from "../verbs/get.ts";
import { buildPatched, checkMediaType, isApply } from "../verbs/patch.ts";
import { readUpdate } from "../verbs/update.ts";
import { admissionOptions, parseWriteOptions, type WriteOptions } from "../write-options.ts";
import { replicasPaths, requireReplicas, scaleOf, scaleType, withScale } from "./scale-object.ts";

/** GET, PUT and PATCH of `scale`: an object's replicas as an autoscaling/v1 Scale. */
export async function scale(context: RequestContext): Promise<ApiAnswer> {
  const { info, type } = context;
  const scaled = { ...context, type: scaleType(type) };
  if (info.verb === "get") {
    const live = await readNamed(context);
    requireReplicas(type, live);
    return answerObject(scaled, 200, scaleOf(type, live));
  }
  const write = parseWriteOptions(context);
  const options = admissionOptions("UpdateOptions", context);
  const { buildScale, uid } = readWrite(context, scaled, write);
  const paths = replicasPaths(type);
  const build: Build = async (live) => {
    const owners = (live.metadata.managedFields ?? []).filter(isJsonObject);
    const written = await buildScale(withOwners(scaleOf(type, live), scaleOwners(owners, paths)));
    // A custom object is checked as a whole.
    if (!type.custom) validateScale(scaled.type, written, live.metadata.name);
    const { uid, resourceVersion } = written.metadata;
    if (!type.custom && uid && uid !== live.metadata.uid) throw otherUid(type, live, uid);
    const next = withScale(type, live, written);
    const scaleFields = (written.metadata.managedFields ?? []).filter(isJsonObject);
    const ownersNow = parentOwners(owners, scaleFields, { paths, apiVersion: apiVersionOf(type) });
    // Whoever names no version of a custom object means the one that is there.
    const version = resourceVersion || !type.custom ? { resourceVersion: resourceVersion ?? "" } : {};
    return withOwners({ ...next, metadata: { ...next.metadata, ...version } }, ownersNow);
  };
  const view: AdmissionView = {
    kind: { group: "autoscaling", version: "v1", kind: "Scale" },
    of: (object) => scaleOf(type, object),
    into: (object, wanted) => withScale(type, object, wanted),
  };
  const commit = { options, dryRun: write.dryRun, uid, view };
  return answerJson(200, scaleOf(type, await commitUpdate(context, build, commit)), context.warnings);
}

/** What the request makes of a Scale, and the uid that the object must have for it. */
function readWrite(
  context: RequestContext,
  scaled: RequestContext,
  write: WriteOptions,
): { readonly buildScale: Build; readonly uid?: string | undefined } {
  if (context.info.verb === "update") {
    const sent = readUpdate(scaled, write);
    const buildScale: Build = (live) => recordWrite(scaled, live, sent, write.manager);
    return { buildScale, uid: sent.metadata.uid };
  }
  if (isApply(context)) return { buildScale: applyScale(context, scaled, write) };
  checkMediaType(context);
  return { buildScale: buildPatched(scaled, write) };
}

/** A real server merges what is applied to a custom object's Scale, and cannot convert what comes of it. */
function applyScale({ type }: RequestContext, scaled: RequestContext, write: WriteOptions): Build {
  const applied = readApplied(scaled);
  const merge = mergeApplied(scaled, applied, write);
  return (live) => {
    const merged = merge(live);
    if (!type.custom) return merged;
    const place = `${applied.metadata.namespace ?? ""}/${applied.metadata.name}; autoscaling/v1, Kind=Scale`;
    const cause = "request to convert CR to an invalid group/version: autoscaling/v1";
    throw new StatusError(500, "", `failed to convert new object (${place}) to proper version: ${cause}`);
  };
}

function validateScale(type: ServedType, written: KubernetesObject, name: string): void {
  const errors = [
    ...validateMetadata(type, written),
    ...notNegative(objectAt(written, "spec"), "replicas", "spec"),
  ];
  if (errors.length > 0) throw invalid(type, name, errors);
}

function otherUid({ group, resource }: ServedType, { metadata }: KubernetesObject, uid: string) {
  const cause = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
  return conflict({ group, resource: `${resource}/scale` }, metadata.name, cause);
}

function withOwners(
  object: KubernetesObject,
  owners: NonNullable<KubernetesObject["metadata"]["managedFields"]>,
): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: (owners.length > 0
      ? { ...metadata, managedFields: owners }
      : metadata) as KubernetesObject["metadata"],
  };
}
