// The way from client-side to server-side apply: what kubectl's annotation says was applied counts as kubectl's own
// (apimachinery managedfields/internal/lastapplied*.go).
import type { KubernetesObject, Schema } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { inKeyOrder } from "../builtin/key-order.ts";
import { emptyFieldSet, type FieldSet, subtractFieldSet } from "./field-set.ts";
import { compareTyped } from "./typed/compare.ts";
import { toFieldSet } from "./typed/to-field-set.ts";
import { validateTyped } from "./typed/validate.ts";

/** The field manager for which the annotation counts. */
export const kubectlManager = "kubectl";

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** Paths that kubectl may take without force: last applied on the client and unchanged since. */
export function fieldsAppliedByClient(live: KubernetesObject, schema: Schema): FieldSet {
  const applied = readAnnotation(live);
  if (!applied || applied.apiVersion !== live.apiVersion) return emptyFieldSet;
  if (validateTyped(applied, schema).length > 0 || validateTyped(live, schema).length > 0)
    return emptyFieldSet;
  const { added, modified, removed } = compareTyped(applied, live, schema);
  return [modified, added, removed].reduce(subtractFieldSet, toFieldSet(applied, schema));
}

/** An object that carries the annotation gets it brought up to date with what kubectl applies now. */
export function updateAnnotation(object: KubernetesObject, applied: KubernetesObject): KubernetesObject {
  if (!object.metadata.annotations?.[annotation]) return object;
  const { [annotation]: _, ...others } = applied.metadata.annotations ?? {};
  const metadata: JsonObject = { ...applied.metadata };
  if (applied.metadata.annotations) metadata.annotations = others;
  const text = `${JSON.stringify(inKeyOrder({ ...applied, metadata }))}\n`;
  const annotations = { ...object.metadata.annotations, [annotation]: text };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function readAnnotation(object: KubernetesObject): JsonObject | undefined {
  const text = object.metadata.annotations?.[annotation];
  if (!text) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
