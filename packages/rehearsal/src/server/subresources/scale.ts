import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { objectAt } from "../../admission/read-json.ts";
import { answerJson } from "../answers.ts";
import { checkObject, parseObject } from "../body.ts";
import { type AdmissionView, commitUpdate } from "../commit.ts";
import type { RequestContext } from "../context.ts";
import { invalidValue } from "../field-error.ts";
import { recordWrite } from "../manage.ts";
import type { ServedType } from "../registry.ts";
import type { ApiAnswer } from "../request.ts";
import { badRequest, invalid } from "../status-errors.ts";
import { formatLabels, formatSelector } from "../tables/column.ts";
import { answerObject, readNamed } from "../verbs/get.ts";
import { applyPatch } from "../verbs/patch.ts";
import { admissionOptions, parseWriteOptions } from "../write-options.ts";

/** GET, PUT and PATCH of `scale`: an object's replicas as an autoscaling/v1 Scale. */
export async function scale(context: RequestContext): Promise<ApiAnswer> {
  const { info, type, request } = context;
  if (info.verb === "get") {
    const scaled = { ...type, custom: undefined, collection: "autoscaling/scales" };
    return answerObject({ ...context, type: scaled }, 200, scaleOf(type, await readNamed(context)));
  }
  const { dryRun, manager } = parseWriteOptions(context);
  const sent = info.verb === "update" ? parseObject(context, request.body) : undefined;
  const options = admissionOptions("UpdateOptions", context);
  const build = async (live: KubernetesObject): Promise<KubernetesObject> => {
    const current = scaleOf(type, live);
    const wanted = sent ?? checkObject(context, await applyPatch(context, current));
    const replicas = objectAt(wanted, "spec").replicas ?? 0;
    if (typeof replicas !== "number") throw badRequest("spec.replicas is not a number");
    // A custom object is checked as a whole.
    if (replicas < 0 && !type.custom) {
      const error = invalidValue("spec.replicas", replicas, "must be greater than or equal to 0");
      throw invalid({ group: "autoscaling", kind: "Scale" }, live.metadata.name, [error]);
    }
    const { resourceVersion } = wanted.metadata;
    const changed = setAt(live, replicasPath(type), replicas) as KubernetesObject;
    const next = resourceVersion
      ? { ...changed, metadata: { ...changed.metadata, resourceVersion } }
      : changed;
    return recordWrite(context, live, next, manager);
  };
  const view: AdmissionView = {
    kind: { group: "autoscaling", version: "v1", kind: "Scale" },
    of: (object) => scaleOf(type, object),
    into: (object, wanted) =>
      setAt(object, replicasPath(type), objectAt(wanted, "spec").replicas ?? 0) as KubernetesObject,
  };
  return answerJson(
    200,
    scaleOf(type, await commitUpdate(context, build, { options, dryRun, view })),
    context.warnings,
  );
}

/** The object as a Scale. */
function scaleOf(type: ServedType, object: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = getAt(object, replicasPath(type));
  const selector = selectorOf(type, object);
  return {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      uid: uid ?? "",
      resourceVersion: resourceVersion ?? "",
      creationTimestamp: creationTimestamp ?? "",
    },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: {
      replicas: Number(getAt(object, path(type, "statusReplicasPath", ".status.replicas")) ?? 0),
      ...(selector ? { selector } : {}),
    },
  };
}

function selectorOf(type: ServedType, object: KubernetesObject): string {
  const declared = declaredScale(type);
  if (declared) {
    const value = declared.labelSelectorPath ? getAt(object, path(type, "labelSelectorPath", "")) : undefined;
    return typeof value === "string" ? value : "";
  }
  const selector = objectAt(object, "spec").selector;
  // A ReplicationController selects by a plain map.
  const text =
    type.collection === "/replicationcontrollers" ? formatLabels(selector) : formatSelector(selector);
  return text === "<none>" ? "" : text;
}

function replicasPath(type: ServedType): readonly string[] {
  return path(type, "specReplicasPath", ".spec.replicas");
}

function declaredScale(type: ServedType): JsonObject | undefined {
  const subresources = type.custom?.version.subresources;
  return isJsonObject(subresources) && isJsonObject(subresources.scale) ? subresources.scale : undefined;
}

function path(type: ServedType, name: string, otherwise: string): readonly string[] {
  const declared = declaredScale(type)?.[name];
  return (typeof declared === "string" ? declared : otherwise).split(".").filter((part) => part !== "");
}

function getAt(value: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  if (key === undefined) return value;
  return isJsonObject(value) ? getAt(value[key], rest) : undefined;
}

function setAt(value: Json | undefined, [key, ...rest]: readonly string[], to: Json): Json {
  if (key === undefined) return to;
  const map = isJsonObject(value) ? value : {};
  return { ...map, [key]: setAt(map[key], rest, to) };
}
