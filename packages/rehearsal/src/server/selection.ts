// Which objects a list or a watch covers.
import type { KubernetesObject } from "@slipway/kubernetes";
import { isJsonObject } from "@slipway/yaml";
import type { RequestContext } from "./context.ts";
import { parseFieldSelector, parseLabelSelector } from "./selectors.ts";

/** The namespace, name and selectors of a request as one test. */
export interface Selection {
  /** Whether a selector was given. */
  readonly narrowed: boolean;
  covers(object: KubernetesObject): boolean;
}

/** What the request covers; malformed selectors are a StatusError 400. */
export function selectionOf({ request, info, type }: RequestContext): Selection {
  const labels = request.query.get("labelSelector") ?? "";
  const fields = request.query.get("fieldSelector") ?? "";
  const namespace = type.namespaced ? info.namespace : undefined;
  const byLabels = labels === "" ? undefined : parseLabelSelector(labels);
  const declared = type.custom?.version.selectableFields;
  const extra = Array.isArray(declared)
    ? declared.flatMap((field) => (isJsonObject(field) ? [String(field.jsonPath).replace(/^\./, "")] : []))
    : [];
  const byFields =
    fields === ""
      ? undefined
      : parseFieldSelector(fields, type.collection, { custom: type.custom !== undefined, extra });
  return {
    narrowed: byLabels !== undefined || byFields !== undefined,
    covers: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (info.name === undefined || object.metadata.name === info.name) &&
      (byLabels === undefined || byLabels(object)) &&
      (byFields === undefined || byFields(object)),
  };
}
