// The volumes of a Pod (kubernetes pkg/apis/core/validation ValidateVolumes).
import type { FieldError } from "@slipway/kubernetes";
import { isJsonObject, type Json, type JsonObject } from "@slipway/yaml";
import { numberAt, objectAt, objectsAt, textAt } from "../../../admission/read-json.ts";
import { duplicateValue, forbiddenValue, invalidValue, requiredValue } from "../../field-error.ts";
import { validateDescendingPath } from "../descending-path.ts";
import { validateAnnotations, validateLabels } from "../metadata.ts";
import { checkDnsLabel, invalidText } from "../names.ts";
import { validateClaimSpec } from "../storage/claims.ts";
import { LONGEST_PORTAL, longPortal } from "./iscsi.ts";
import { validateFieldReference, validateResourceReference } from "./object-field.ts";
import { validateSource } from "./volume-sources.ts";

/**
 * What is wrong with the volumes, and those that containers may mount, by their names; `ofPod`: not of a template, in
 * which an image may still be left out.
 */
export function validateVolumes(
  volumes: readonly JsonObject[],
  path: string,
  { ofPod }: { readonly ofPod: boolean },
): { readonly known: Map<string, JsonObject>; readonly errors: FieldError[] } {
  const known = new Map<string, JsonObject>();
  const errors: FieldError[] = [];
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(volume, "name") ?? "";
    const wrong = validateSources(volume, at);
    if (ofPod && isJsonObject(volume.image) && !textAt(volume, "image", "reference")) {
      wrong.unshift(requiredValue(`${at}.image.reference`));
    }
    if (name === "") wrong.push(requiredValue(`${at}.name`));
    else wrong.push(...invalidText(`${at}.name`, name, checkDnsLabel));
    if (known.has(name)) wrong.push(duplicateValue(`${at}.name`, name));
    if (wrong.length === 0) known.set(name, volume);
    errors.push(...wrong);
  }
  return { known, errors };
}

/** The sources of a volume, in the order in which the real server looks at them. */
const order =
  "emptyDir hostPath gitRepo gcePersistentDisk awsElasticBlockStore secret nfs iscsi glusterfs flocker persistentVolumeClaim rbd cinder cephfs quobyte downwardAPI fc flexVolume configMap azureFile vsphereVolume photonPersistentDisk portworxVolume azureDisk storageos projected scaleIO csi ephemeral image".split(
    " ",
  );

/** Where the real server writes a source otherwise than it is called: in it, and where there is another one. */
const shownAs: Readonly<Record<string, string>> = { gcePersistentDisk: "persistentDisk" };
const refusedAs: Readonly<Record<string, string>> = { cephfs: "cephFS", downwardAPI: "downwarAPI" };

function validateSources(volume: JsonObject, path: string): FieldError[] {
  const present = Object.keys(volume).filter((key) => key !== "name" && isJsonObject(volume[key]));
  const [first, ...others] = present.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  if (first === undefined) return [requiredValue(path, "must specify a volume type")];
  const errors = validateOne(first, objectAt(volume, first), `${path}.${shownAs[first] ?? first}`);
  for (const other of others) {
    const detail = "may not specify more than 1 volume type";
    errors.push(forbiddenValue(`${path}.${refusedAs[other] ?? other}`, detail));
  }
  const { iscsi, name } = volume;
  if (isJsonObject(iscsi) && typeof iscsi.initiatorName === "string") {
    if (`${String(name ?? "")}:${textAt(iscsi, "targetPortal") ?? ""}`.length > LONGEST_PORTAL) {
      errors.push(invalidValue(`${path}.name`, name ?? "", longPortal));
    }
  }
  return errors;
}

function validateOne(kind: string, source: JsonObject, path: string): FieldError[] {
  switch (kind) {
    case "secret":
      return validateFiles(source, "secretName", path);
    case "configMap":
      return validateFiles(source, "name", path);
    case "ephemeral":
      return validateClaimTemplate(source.volumeClaimTemplate, `${path}.volumeClaimTemplate`);
    case "downwardAPI":
      return [
        ...validateMode(source, path),
        ...objectsAt(source, "items").flatMap((file) => validateShownFile(file, path)),
      ];
    case "projected":
      return [...validateMode(source, path), ...validateProjections(source, path)];
    default:
      return validateSource(kind, source, path);
  }
}

/** In the order in which the real server looks at them, which has its own name for one. */
const notOfTemplates =
  "name generateName namespace selfLink uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds ownerReferences finalizers managedFields".split(
    " ",
  );

/** The claim that is made for a volume; its metadata has labels and annotations only. */
function validateClaimTemplate(template: Json | undefined, path: string): FieldError[] {
  if (!isJsonObject(template)) return [requiredValue(path)];
  const { annotations, labels, ...others } = objectAt(template, "metadata");
  const at = `${path}.metadata`;
  return [
    ...validateAnnotations(objectAt(annotations) as Record<string, string>, `${at}.annotations`),
    ...validateLabels(labels, `${at}.labels`),
    ...notOfTemplates.flatMap((field) =>
      others[field] ? [forbiddenValue(`${at}.${field === "uid" ? "uID" : field}`, "cannot be set")] : [],
    ),
    ...validateClaimSpec(objectAt(template, "spec"), `${path}.spec`),
  ];
}

function validateMode(source: JsonObject, path: string, field = "defaultMode"): FieldError[] {
  const mode = numberAt(source, field);
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  const detail = "must be a number between 0 and 0777 (octal), both inclusive";
  return [invalidValue(`${path}.${field}`, mode, detail)];
}

function validateFiles(source: JsonObject, nameField: string, path: string): FieldError[] {
  return [
    ...(textAt(source, nameField) ? [] : [requiredValue(`${path}.${nameField}`)]),
    ...validateMode(source, path),
    ...validateItems(source, path),
  ];
}

function validateItems(source: JsonObject, path: string): FieldError[] {
  return objectsAt(source, "items").flatMap((item, index) => validateItem(item, `${path}.items[${index}]`));
}

function validateItem(item: JsonObject, path: string): FieldError[] {
  return [
    ...(textAt(item, "key") ? [] : [requiredValue(`${path}.key`)]),
    ...validateLocalPath(textAt(item, "path") ?? "", `${path}.path`),
    ...validateMode(item, path, "mode"),
  ];
}

/** A path inside of a volume. */
function validateLocalPath(file: string, path: string): FieldError[] {
  if (file === "") return [requiredValue(path)];
  const errors = validateDescendingPath(file, path);
  if (file.startsWith("..") && !file.startsWith("../"))
    errors.push(invalidValue(path, file, "must not start with '..'"));
  return errors;
}

/** A file with a field of the Pod. */
function validateShownFile(file: JsonObject, path: string): FieldError[] {
  const { fieldRef, resourceFieldRef } = file;
  const errors = validateLocalPath(textAt(file, "path") ?? "", `${path}.path`);
  if (isJsonObject(fieldRef)) {
    errors.push(...validateFieldReference(fieldRef, `${path}.fieldRef`, "volume"));
    if (isJsonObject(resourceFieldRef)) {
      const detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
      errors.push(invalidValue(path, "resource", detail));
    }
  } else if (isJsonObject(resourceFieldRef)) {
    errors.push(...validateResourceReference(resourceFieldRef, `${path}.resourceFieldRef`, "volume"));
  } else errors.push(requiredValue(path, "one of fieldRef and resourceFieldRef is required"));
  return [...errors, ...validateMode(file, path, "mode")];
}

function validateProjections(projected: JsonObject, path: string): FieldError[] {
  const taken = new Set<string>();
  const takes = (file: JsonObject, shown: string | undefined): FieldError[] => {
    const name = textAt(file, "path");
    if (name === undefined) return [];
    if (taken.has(name)) return [invalidValue(path, shown ?? "", "conflicting duplicate paths")];
    taken.add(name);
    return [];
  };
  return objectsAt(projected, "sources").flatMap((source, index) => {
    const at = `${path}.sources[${index}]`;
    const errors: FieldError[] = [];
    const kinds = Object.keys(source).filter((key) => isJsonObject(source[key]));
    for (const kind of ["secret", "configMap"]) {
      const part = source[kind];
      if (!isJsonObject(part)) continue;
      const name = textAt(part, "name");
      if (!name) errors.push(requiredValue(`${at}.${kind}.name`));
      for (const [place, item] of objectsAt(part, "items").entries()) {
        errors.push(...validateItem(item, `${at}.${kind}.items[${place}]`), ...takes(item, name));
      }
    }
    for (const file of objectsAt(source, "downwardAPI", "items")) {
      errors.push(...validateShownFile(file, `${at}.downwardAPI`), ...takes(file, textAt(file, "path")));
    }
    const token = source.serviceAccountToken;
    if (isJsonObject(token)) {
      const seconds = numberAt(token, "expirationSeconds") ?? 3600;
      const place = `${at}.serviceAccountToken.expirationSeconds`;
      if (seconds < 600) {
        errors.push(invalidValue(place, seconds, "may not specify a duration less than 10 minutes"));
      }
      if (seconds > 2 ** 32) {
        errors.push(invalidValue(place, seconds, "may not specify a duration larger than 2^32 seconds"));
      }
      errors.push(...validateLocalPath(textAt(token, "path") ?? "", `${path}.path`));
    }
    if (kinds.length > 1)
      errors.push(forbiddenValue(at, "may not specify more than 1 volume type per source"));
    return errors;
  });
}
